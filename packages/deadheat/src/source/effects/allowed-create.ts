import type { ClassDefinition } from "../project/definitions.ts";
import type { Project } from "../project/project.ts";
import { serializerModel, viewQuery } from "./framework-methods.ts";
import { classesIn, GATES, passOnly } from "./gatekeepers.ts";
import { ASKS } from "./prologue.ts";
import type { Run } from "./run.ts";
import { NONE, type Value } from "./values.ts";

const MAKES_ROWS = /(^|\.)(ModelViewSet|CreateView|\w*Create\w*(Mixin|APIView))$/;
/** Where one of these is written, it makes the row, and is looked at with what was asked before it. */
const OWN = ["create", "post", "perform_create", "form_valid"];

/** The views that ask a class, by their lists; only a look at all files tells it. */
export interface AskedBefore {
  readonly get: (cls: ClassDefinition) => readonly ClassDefinition[] | undefined;
}

const known = new WeakMap<Project, AskedBefore>();

/** What an earlier run found. */
export function keepAskedBefore(project: Project, asked: AskedBefore): void {
  known.set(project, asked);
}

/**
 * A permission, a throttle or a `test_func` that asks the database, before a view of which nothing but names is
 * written: the framework makes the row where the answer was yes.
 */
export function runAllowedCreate(run: Run, answer: Value | undefined): void {
  const { fn } = run;
  const { project } = run.program;
  if (!fn.owner || !answer || run.inlining || !isGate(fn.name) || !ASKS.test(fn.text())) return;
  const views = fn.name === "test_func" ? [fn.owner] : (askedBefore(project).get(fn.owner) ?? []);
  const view = views.find((one) => makesRows(project, one));
  if (!view) return;
  const query = viewQuery(run, { kind: "class", cls: view, dotted: view.name, deps: NONE });
  const model = serializerModel(run, view) ?? (query.kind === "query" ? query.model : undefined);
  if (!model) return;
  passOnly(run, answer, fn);
  run.emit("create", { start: fn.start, end: fn.start }, { model, lookups: [], name: "form.save" });
}

export function isGate(name: string): boolean {
  return name === "test_func" || Object.values(GATES).includes(name);
}

function makesRows(project: Project, view: ClassDefinition): boolean {
  if (!project.lineage(view).external.some((one) => MAKES_ROWS.test(one))) return false;
  return !OWN.some((name) => project.method(view, name));
}

function askedBefore(project: Project): AskedBefore {
  return known.get(project) ?? readAskedBefore(project);
}

export function readAskedBefore(project: Project): ReadonlyMap<ClassDefinition, readonly ClassDefinition[]> {
  const done = known.get(project);
  if (done instanceof Map) return done;
  const found = new Map<ClassDefinition, ClassDefinition[]>();
  for (const { classes } of project.modules)
    for (const view of classes.values())
      for (const list of Object.keys(GATES)) {
        const given = view.attributes.get(list);
        for (const one of given ? classesIn(given) : []) {
          const cls = project.resolve(view.module, one);
          if (cls?.kind === "class") found.set(cls, [...(found.get(cls) ?? []), view]);
        }
      }
  known.set(project, found);
  return found;
}
