import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { sameModel } from "../project/model.ts";
import { callForSome } from "./call-definition.ts";
import { receiverOf } from "./receivers.ts";
import type { Run } from "./run.ts";
import type { Row } from "./values.ts";

/** It sends something, or has a helper send it. */
const SENDS =
  /\.(delay|apply_async|send_task|enqueue|send_async)\(|\bsend_\w+\(|\b(notify|publish|dispatch|queue|schedule)\w*\(/;
/** More than these are a framework's. */
const MOST_RECEIVERS = 6;

/**
 * `def save(self): super().save(); index.delay(self.pk)`, and receivers of `post_save`: what a model sends whenever one
 * of its rows is saved leaves in the transaction of whoever saves it. What else those do is their own matter.
 */
export function sendOnSave(run: Run, row: Row | undefined, span: Span): void {
  const cls = row?.model?.definition;
  // (Without a transaction in sight nothing leaves too early.)
  if (!row || !cls || run.txns.length === 0 || run.asking || run.inlining) return;
  const own = run.program.project.method(cls, "save");
  if (own && own !== run.fn) send(run, own, row, span, undefined);
  for (const fn of receiversFor(run, row)) if (fn !== run.fn) send(run, fn, undefined, span, row);
}

function send(
  run: Run,
  fn: FunctionDefinition,
  self: Row | undefined,
  span: Span,
  instance: Row | undefined,
): void {
  run.program.noteRead(fn);
  if (!SENDS.test(fn.text())) return;
  const named = new Map(instance ? [["instance", instance] as const] : []);
  callForSome(run, fn, self, named, span, ({ kind }) => kind === "external");
}

function receiversFor({ program }: Run, { model }: Row): readonly FunctionDefinition[] {
  const found = program.project.names.receiversOf("post_save");
  const own = found.filter((fn) => sameModel(receiverOf({ fn, program })?.model, model));
  return own.length <= MOST_RECEIVERS ? own : [];
}
