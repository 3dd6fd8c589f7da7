import type { Expression, Handler, Statement } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import type { Effect, Step } from "./effect.ts";
import { Marks } from "./marks.ts";
import type { Run } from "./run.ts";

/** A write whose failure is caught, and what then goes on. */
export interface Rescue {
  /** How many transactions were open around the `try`: with more, the write has one of its own, and may fail. */
  readonly depth: number;
  /** The arm of the handler. */
  readonly step: Step;
  /** After the handler, what stands behind the `try` is reached as well; in a loop, the next turn. */
  readonly goesOn: boolean;
  /** The `try` itself stands in a loop, and is not around one. */
  readonly inLoop: boolean;
  /** What is met later, stands behind the `try`. */
  until: number;
}

export const rescues = new Marks<Effect, Rescue>();
const FAILS = new Set<Effect["kind"]>(["create", "save", "update"]);
const IS_OF_DATABASE = /(^|\.)(IntegrityError|DatabaseError|UniqueViolation)$/;
const TAKES_BACK = /\b(savepoint\w*|rollback|set_rollback)\(/;

export function rescueOf(effect: Effect): Rescue | undefined {
  return rescues.get(effect) ?? (effect.origin && rescueOf(effect.origin));
}

/** `try: Tag.objects.create(name=name) except IntegrityError: …`, of the effects from `from` on. */
export function noteRescued(
  run: Run,
  statement: Statement & { readonly kind: "try" },
  handler: Handler,
  from: readonly Effect[],
  step: Step,
): void {
  if (!handler.catches.some((one) => IS_OF_DATABASE.test(textOf(one)))) return;
  const { text } = run.fn.module.source;
  if (TAKES_BACK.test(text.slice(statement.start, statement.end))) return;
  const last = handler.body.at(-1);
  const goesOn = last?.kind !== "raise" && last?.kind !== "return";
  note(run, from, step, goesOn, Number.POSITIVE_INFINITY);
}

/** `with suppress(IntegrityError): …`: what follows is reached. */
export function noteSuppressed(
  run: Run,
  items: readonly { readonly value: Expression }[],
  from: readonly Effect[],
): void {
  const isSuppressed = items.some(
    ({ value }) =>
      value.kind === "call" &&
      textOf(value.callee).split(".").at(-1) === "suppress" &&
      value.args.some((one) => IS_OF_DATABASE.test(textOf(one.value))),
  );
  if (!isSuppressed) return;
  note(run, from, { branch: run.program.fresh(), arm: 1 }, true, run.seq);
}

function note(run: Run, from: readonly Effect[], step: Step, goesOn: boolean, until: number): void {
  const around = { depth: run.txns.length, inLoop: run.loop > 0 };
  for (const effect of from)
    if (FAILS.has(effect.kind) && !rescues.has(effect) && !effect.deferred)
      rescues.set(effect, { ...around, step, goesOn, until });
}

export function endRescued(effects: readonly Effect[], seq: number): void {
  for (const effect of effects) {
    const rescue = rescues.get(effect);
    if (rescue && rescue.until > seq) rescue.until = seq;
  }
}
