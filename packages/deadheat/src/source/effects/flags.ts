import type { Expression, Statement } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import type { Step } from "./effect.ts";
import { Marks } from "./marks.ts";
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

/** A parameter of the function, and what it has to be for an arm to be taken. */
interface Flag {
  readonly parameter: string;
  readonly is: boolean;
  /** What it is where nobody gives it. */
  readonly fallback: boolean | undefined;
}

type Flags = readonly Flag[];

/** Of an arm: what callers decide by a constant. */
export const flagsOf = new Marks<Step, Flags>();

export function noteFlags(step: Step, flags: Flags): void {
  if (flags.length > 0) flagsOf.set(step, flags);
}

/** `if notify:`, `if not notify:`, `if found and notify:` of a parameter: what each of the two arms needs. */
export function flagsIn(run: Run, test: Expression): readonly [Flags, Flags] {
  switch (test.kind) {
    case "name": {
      const value = run.env.get(test.id);
      const isGiven = value?.kind === "row" && value.origin === "parameter" && !value.parent && !value.model;
      if (!isGiven || value.parameter !== test.id || run.closures > 0) return NO_FLAGS;
      const flag = { parameter: test.id, fallback: fallbackOf(run, test.id) };
      return [[{ ...flag, is: true }], [{ ...flag, is: false }]];
    }
    case "not": {
      const [holds, fails] = flagsIn(run, test.operand);
      return [fails, holds];
    }
    case "boolean": {
      const [left, right] = [flagsIn(run, test.left), flagsIn(run, test.right)];
      const joined = run.fn.module.source.text.slice(test.left.end, test.right.start);
      return /\band\b/.test(joined) ? [[...left[0], ...right[0]], []] : [[], [...left[1], ...right[1]]];
    }
    default:
      return NO_FLAGS;
  }
}

export const NO_FLAGS: readonly [Flags, Flags] = [[], []];

/** `def load(pk, for_update=False)`. */
function fallbackOf({ fn }: Run, parameter: string): boolean | undefined {
  const fallback = fn.signature().parameters.find((one) => one.name === parameter)?.fallback;
  return fallback?.kind === "constant" ? fallback.value === true : undefined;
}

/**
 * `event.publish(notify=False)`: does what was given, or left to its default, say that an arm is not taken? (`isSpread`:
 * what is not named may be given all the same.)
 */
export function isRuledOut(
  steps: readonly Step[],
  given: ReadonlyMap<string, Value>,
  isSpread: () => boolean = () => false,
): boolean {
  return steps.some((step) =>
    flagsOf.get(step)?.some(({ parameter, is, fallback }) => {
      const value = given.get(parameter);
      if (!value) return fallback !== undefined && fallback !== is && !isSpread();
      return value?.kind === "scalar" && value.literal !== undefined && Boolean(value.literal) !== is;
    }),
  );
}

/** A flag that is only handed on: the caller's own caller decides. */
export function keepFlags(step: Step, renamed: Step, given: ReadonlyMap<string, Value>): void {
  const flags = flagsOf.get(step)?.flatMap(({ parameter, is }) => {
    const value = given.get(parameter);
    if (value?.kind !== "row" || value.origin !== "parameter" || value.parent || value.model) return [];
    // (Left out there, it is what the function between says: its own default is not known here.)
    return value.parameter === undefined ? [] : [{ parameter: value.parameter, is, fallback: undefined }];
  });
  if (flags) noteFlags(renamed, flags);
}

const ASKS_FOR_LOCKS = /for_update\w*\(\s*\)|\.has_select_for_update|\bconnections?\b.*\.vendor\b/;

/**
 * `if can_select_for_update(): row = rows.select_for_update().get() else: row = rows.get()`: a database that cannot
 * lock rows is there for tests. What is done where it can counts.
 */
export function armThatLocks(
  run: Run,
  { test, whenTrue, otherwise }: Statement & { readonly kind: "if" },
): readonly Statement[] | undefined {
  const { text } = run.fn.module.source;
  if (!ASKS_FOR_LOCKS.test(text.slice(test.start, test.end))) return undefined;
  const [one, other] = [onlyAssignment(whenTrue), onlyAssignment(otherwise)];
  if (!one || !other || textOf(one.target) !== textOf(other.target)) return undefined;
  const locks = [one, other].map(({ start, end }) => /\.select_for_update\(/.test(text.slice(start, end)));
  if (locks[0] === locks[1]) return undefined;
  return locks[0] ? whenTrue : otherwise;
}

function onlyAssignment(arm: readonly Statement[]): (Statement & { readonly kind: "assign" }) | undefined {
  const [only] = arm;
  return arm.length === 1 && only?.kind === "assign" ? only : undefined;
}
