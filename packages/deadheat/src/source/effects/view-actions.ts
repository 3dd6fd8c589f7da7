import type { Span } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import type { Given } from "./calls.ts";
import { frameworkMethod } from "./framework-methods.ts";
import { callDefinition } from "./instantiate.ts";
import { saveForm } from "./row-methods.ts";
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

const MAKES_ROWS = /(^|\.)(ModelViewSet|\w*Create\w*(Mixin|APIView))$/;
const SAVES_FORM = /(^|\.)(Create|Update)View$/;
const NOTHING_GIVEN: Given = { expressions: [], values: [], positional: [], named: new Map() };

/**
 * `super().create(request)` in a view of DRF's: a serializer is made of what was sent, and saved, by the view's own
 * `perform_create` where it has one.
 */
export function viewAction(run: Run, self: Value, name: string, given: Given, span: Span): Value | undefined {
  if (name === "form_valid") return saveValid(run, self, given, span);
  if (name !== "create" || (self.kind !== "row" && self.kind !== "class") || !self.cls) return undefined;
  if (!makesRows(run, self.cls)) return undefined;
  const form = frameworkMethod(run, self, "get_serializer", NOTHING_GIVEN, span);
  if (form?.kind !== "row") return undefined;
  const own = run.program.project.method(self.cls, "perform_create");
  // What a mixin does for many views is one `save()` here; it is no place to mend one of them.
  if (own?.owner !== self.cls) return saveForm(run, form, NOTHING_GIVEN, span, "serializer");
  callDefinition(run, own, self, [form], span, { discarded: true });
  return run.unknown();
}

/** `super().form_valid(form)` in a view of Django's that makes or changes a row. */
function saveValid(run: Run, self: Value, given: Given, span: Span): Value | undefined {
  const [form] = given.positional;
  if (form?.kind !== "row" || (self.kind !== "row" && self.kind !== "class") || !self.cls) return undefined;
  const { external } = run.program.project.lineage(self.cls);
  if (!external.some((one) => SAVES_FORM.test(one))) return undefined;
  saveForm(run, form, NOTHING_GIVEN, span, "form");
  return run.unknown();
}

function makesRows({ program: { project } }: Run, cls: ClassDefinition): boolean {
  return project.lineage(cls).external.some((one) => MAKES_ROWS.test(one));
}
