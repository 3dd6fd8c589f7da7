import type { Span } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import type { Given } from "./arguments.ts";
import { callDefinition } from "./call-definition.ts";
import { saveForm } from "./form-saves.ts";
import { frameworkMethod } from "./framework-methods.ts";
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

const MAKES_ROWS = /(^|\.)(ModelViewSet|\w*Create\w*(Mixin|APIView))$/;
const CHANGES_ROWS = /(^|\.)(ModelViewSet|\w*Update\w*(Mixin|APIView))$/;
type Viewed = Value & { readonly kind: "row" | "class" };
const SAVES_FORM = /(^|\.)(Create|Update)View$/;
const NOTHING_GIVEN: Given = { expressions: [], values: [], positional: [], named: new Map() };

/**
 * `super().create(request)` in a view of DRF's: a serializer is made of what was sent, and saved, by the view's own
 * `perform_create` where it has one.
 */
export function viewAction(run: Run, self: Value, name: string, given: Given, span: Span): Value | undefined {
  if ((self.kind !== "row" && self.kind !== "class") || !self.cls) return undefined;
  switch (name) {
    case "form_valid":
      return saveValid(run, self, given, span);
    case "create":
      return makesRows(run, self.cls) ? createAction(run, self, self.cls, span) : undefined;
    case "update":
    case "partial_update":
      return changesRows(run, self.cls) ? updateAction(run, self, self.cls, span) : undefined;
    default:
      return undefined;
  }
}

const AGAIN = /\bperform_(create|update)\(|\b(Create|Update)ModelMixin\.\w+\(/;

/** A mixin of the project's own that does what DRF's does: whose view it is, is known where it is called. */
export function isActionAgain(run: Run, own: FunctionDefinition): boolean {
  if (!/^(create|update|partial_update)$/.test(own.name) || own === run.fn) return false;
  return own.owner !== run.fn.owner && /Mixin$/.test(own.owner?.name ?? "") && AGAIN.test(own.text());
}

function createAction(run: Run, self: Value, cls: ClassDefinition, span: Span): Value | undefined {
  const form = frameworkMethod(run, self, "get_serializer", NOTHING_GIVEN, span);
  if (form?.kind !== "row") return undefined;
  const own = run.program.project.method(cls, "perform_create");
  // What a mixin does for many views is one `save()` here; it is no place to mend one of them.
  if (own?.owner !== cls) return saveForm(run, form, NOTHING_GIVEN, span, "serializer");
  callDefinition(run, own, self, [form], span, { discarded: true });
  return run.unknown();
}

/** The row is got (and asked about), then changed by the view's `perform_update`, or by its serializer. */
function updateAction(run: Run, self: Value, cls: ClassDefinition, span: Span): Value | undefined {
  const row = frameworkMethod(run, self, "get_object", NOTHING_GIVEN, span);
  if (row?.kind !== "row") return undefined;
  const given = { ...NOTHING_GIVEN, values: [row], positional: [row] };
  const form = frameworkMethod(run, self, "get_serializer", given, span);
  if (form?.kind !== "row") return undefined;
  const { project } = run.program;
  const own = project.method(cls, "perform_update");
  const serializer = serializerOf(run, cls);
  const update = serializer && project.method(serializer, "update");
  if (own?.owner === cls) callDefinition(run, own, self, [form], span, { discarded: true });
  else if (update) {
    const made = run.row("new", `#serializer${run.program.fresh()}`, { cls: serializer });
    callDefinition(run, update, made, [row, run.unknown()], span, { discarded: true });
  } else saveForm(run, form, NOTHING_GIVEN, span, "serializer");
  return run.unknown();
}

/** `@action(serializer_class=JoinSerializer)`, or that of the view. */
function serializerOf({ fn, program: { project } }: Run, cls: ClassDefinition): ClassDefinition | undefined {
  for (const one of fn.signature().decorators) {
    const own = one.kind === "call" && one.args.find(({ name }) => name === "serializer_class");
    const found = own && project.resolve(fn.module, own.value);
    if (found) return found.kind === "class" ? found : undefined;
  }
  const attribute = project.attribute(cls, "serializer_class");
  const found = attribute && project.resolve(attribute.owner.module, attribute.value);
  return found?.kind === "class" ? found : undefined;
}

/** `super().form_valid(form)` in a view of Django's that makes or changes a row. */
function saveValid(run: Run, self: Viewed, given: Given, span: Span): Value | undefined {
  const [form] = given.positional;
  if (form?.kind !== "row" || !self.cls) return undefined;
  const { external } = run.program.project.lineage(self.cls);
  if (!external.some((one) => SAVES_FORM.test(one))) return undefined;
  saveForm(run, form, NOTHING_GIVEN, span, "form");
  return run.unknown();
}

function changesRows(run: Run, cls: ClassDefinition): boolean {
  const { classes, external } = run.program.project.lineage(cls);
  return [...external, ...classes.map((one) => one.name)].some((one) => CHANGES_ROWS.test(one));
}

function makesRows({ program: { project } }: Run, cls: ClassDefinition): boolean {
  return project.lineage(cls).external.some((one) => MAKES_ROWS.test(one));
}
