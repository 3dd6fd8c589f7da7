import { expect, it } from "vitest";
import type { Realisation } from "../plan/interleaving.ts";
import { ScheduleTally } from "./schedule-tally.ts";

const preemption = { held: "first", before: 1 } as const;

function played(realised: boolean, reason?: string, ...errors: string[]): Realisation {
  const steps = errors.map((error) => ({ lane: "first" as const, does: "statement" as const, at: 0, error }));
  return { preemption, realised, steps, diverged: [], ...(reason === undefined ? {} : { reason }) };
}

it("counts as realised only what was realised and judged", () => {
  const tally = new ScheduleTally();
  tally.note({ realisation: played(true), verdict: "clean" });
  tally.note({ realisation: played(true, "the oracle's budget ended"), verdict: "not judged" });
  tally.note({ realisation: played(false, "one thread"), verdict: "not judged" });
  expect(tally.counts()).toMatchObject({
    realised: 1,
    unrealised: 2,
    reasons: ["the oracle's budget ended", "one thread"],
  });
});

it("gives up after three in a row for the same reason, and not before", () => {
  const tally = new ScheduleTally();
  const note = (realised: boolean, reason?: string) =>
    tally.note({ realisation: played(realised, reason), verdict: realised ? "clean" : "not judged" });
  note(false, "a");
  note(false, "a");
  note(true);
  note(false, "a");
  note(false, "b");
  note(false, "a");
  note(false, "a");
  expect(tally.hopeless).toBeUndefined();
  note(false, "a");
  expect(tally.hopeless).toBe("a");
});

it("counts deadlocks and serialization failures as what they are: outcomes", () => {
  const tally = new ScheduleTally();
  tally.note({ realisation: played(true, undefined, "40P01", "23505"), verdict: "clean" });
  tally.note({ realisation: played(true, undefined, "40001"), verdict: "clean" });
  expect(tally.counts()).toMatchObject({ realised: 2, deadlocks: 1, serializationFailures: 1 });
});
