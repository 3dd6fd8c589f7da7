import type { Schedule } from "../../plan/schedule.ts";
import type { Interleaved, Prepared } from "../scenarios/scenario.ts";

/**
 * Several races of one operation take turns, `main` every other one; a schedule tells which of them it is of.
 * `undefined` where there are none.
 */
export function takingTurns(pairs: readonly Prepared[], main?: Prepared): Prepared | undefined {
  const all = main ? [main, ...pairs] : pairs;
  const [first, ...others] = all;
  if (!first || others.length === 0) return first;
  const of = (variant = 0) => all[variant] ?? first;
  const interleaved = interleavedOf(all);
  const { serialControl: _, mostTrials: __, ...kept } = first;
  return {
    ...kept,
    controls: [...new Set(all.flatMap((one) => one.controls))],
    visibilityMs: Math.max(...all.map((one) => one.visibilityMs)),
    ...(main ? {} : { mostTrials: all.reduce((sum, one) => sum + (one.mostTrials ?? 0), 0) }),
    schedule: (index) => scheduleOf(all, main !== undefined, index),
    trial: (schedule, stage) => of(schedule.variant).trial(schedule, stage),
    remarks: () => all.flatMap((one) => one.remarks?.() ?? []),
    ...(interleaved ? { interleaved } : {}),
  };
}

function scheduleOf(all: readonly Prepared[], hasMain: boolean, index: number): Schedule {
  const half = Math.floor(index / 2);
  const isMain = hasMain && index % 2 === 0;
  const pairs = hasMain ? all.length - 1 : all.length;
  const turn = hasMain ? half : index;
  const variant = isMain ? 0 : (turn % pairs) + (hasMain ? 1 : 0);
  const schedule = (all[variant] as Prepared).schedule(isMain ? half : Math.floor(turn / pairs));
  return { ...schedule, variant };
}

function interleavedOf(all: readonly Prepared[]): Interleaved | undefined {
  const [first] = all.flatMap((one) => one.interleaved ?? []);
  const bases = all.flatMap(({ interleaved }, variant) =>
    (interleaved?.bases ?? []).map((base) => ({ ...base, variant })),
  );
  return first && { ...first, bases, alike: all.every((one) => one.interleaved?.alike ?? true) };
}
