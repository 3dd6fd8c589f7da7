import type { Expression } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { type Project, textOf } from "../project/project.ts";
import { isChangeOfAdmin } from "./admin.ts";
import { beginTransaction, lockBy, opensTransaction, takesLock } from "./contexts.ts";
import { isHookOfImport } from "./import-hooks.ts";
import type { Run } from "./run.ts";

/** What a function's decorators put around its body: a transaction, a lock. */
export function decorate(run: Run, decorators: readonly Expression[]): void {
  const names = decorators.map((one) => ({ expression: one, name: textOf(one) }));
  if (
    run.program.settings.atomicRequests === true &&
    (isEntryFunction(run.fn) || (run.fn.owner && WITHIN_REQUEST.test(run.fn.name))) &&
    !names.some((one) => /non_atomic/.test(one.name))
  )
    beginTransaction(run, run.fn, true);
  else if (isChangeOfAdmin(run.program.project, run.fn) || isHookOfImport(run.program.project, run.fn))
    beginTransaction(run, run.fn);
  else if (
    (HTTP_METHODS.has(run.fn.name) || WITHIN_REQUEST.test(run.fn.name)) &&
    run.fn.owner &&
    !run.inlining
  ) {
    const { project } = run.program;
    const dispatch = project.method(run.fn.owner, "dispatch");
    if (dispatch) run.program.noteRead(dispatch);
    if (wrapsInTransaction(project, run.fn.owner, run.fn)) beginTransaction(run, run.fn);
  }
  for (const { expression, name } of names) {
    const own = ownDecorator(run, expression);
    if (opensTransaction(name) || /\b(transaction\.atomic|with\s+\w*atomic)\b/.test(own))
      beginTransaction(run, expression);
    // What a decorator of the project locks, it locks around the whole body.
    if (takesLock(name) || /\bselect_for_update\(/.test(own)) lockBy(run, expression);
    else if (/method_decorator$/.test(name) && expression.kind === "call") {
      const inner = expression.args[0];
      if (inner && opensTransaction(textOf(inner.value))) beginTransaction(run, expression);
    }
  }
}

/** `@method_decorator(transaction.atomic, name="dispatch")` on the class, or an atomic `dispatch` above the handler. */
export function wrapsInTransaction(project: Project, view: ClassDefinition, fn: FunctionDefinition): boolean {
  const { classes } = project.lineage(view);
  const covers = (name: Expression | undefined) =>
    name?.kind === "string" && (name.value === "dispatch" || name.value === fn.name);
  const decorated = classes.some((cls) =>
    cls.decorators.some((one) => {
      if (one.kind !== "call" || !/method_decorator$/.test(textOf(one))) return false;
      const [what] = one.args;
      return (
        what !== undefined &&
        opensTransaction(textOf(what.value)) &&
        covers(one.args.find((argument) => argument.name === "name")?.value)
      );
    }),
  );
  if (decorated) return true;
  const dispatch = project.method(view, "dispatch");
  return dispatch !== undefined && dispatch !== fn && /\batomic\b/.test(dispatch.text());
}

/** The text of a decorator that the project defines; empty for others. */
function ownDecorator(run: Run, expression: Expression): string {
  const callee = expression.kind === "call" ? expression.callee : expression;
  const found = run.program.project.resolve(run.fn.module, callee);
  if (found?.kind !== "function") return "";
  run.program.noteRead(found);
  return found.text();
}

const HTTP_METHODS = new Set([
  "get",
  "post",
  "put",
  "patch",
  "delete",
  "create",
  "update",
  "partial_update",
  "destroy",
]);

/** `@action(…)` of DRF, `@route.post(…)` and `@http_post(…)` of a class of django-ninja's. */
const ROUTED =
  /^\s*@((\w+\.)*(action|detail_route|list_route)\b|(route|http)\.(get|post|put|patch|delete|generic)\(|http_(get|post|put|patch|delete|generic)\()/m;
/** Called by the view's own handler, in the transaction of the request. */
/** Of a view's class: called by Django or DRF for each request. */
export const WITHIN_REQUEST = /^(perform_(create|update|destroy)|form_valid)$/;

/** Called by Django with a request: whatever else calls it, a request does. */
export function isEntryFunction(fn: FunctionDefinition): boolean {
  fn.isEntry ??= takesRequest(fn);
  return fn.isEntry;
}

function takesRequest(fn: FunctionDefinition): boolean {
  const head = fn.module.source.text.slice(fn.start, Math.min(fn.end, fn.start + 600));
  const at = head.indexOf(`def ${fn.name}(`);
  if (fn.owner && !HTTP_METHODS.has(fn.name)) return ROUTED.test(at < 0 ? head : head.slice(0, at));
  return at >= 0 && /^def \w+\((\s*self,)?\s*_?request\b/.test(head.slice(at)) && !isAsked(fn);
}

/** `return True` and nothing else: it is asked by views. A view answers, by itself or by what decorates it. */
function isAsked(fn: FunctionDefinition): boolean {
  const text = fn.module.source.text.slice(fn.start, fn.end);
  if (/^\s*@/.test(text)) return false;
  const returned = [...text.matchAll(/^[ \t]+return\b[ \t]*(.*)$/gm)].map((one) => one[1] as string);
  return returned.some((one) => /^(True|False)\b/.test(one)) && returned.every((one) => IS_TRUTH.test(one));
}

const IS_TRUTH = /^((True|False|None)\s*)?(#.*)?$/;
