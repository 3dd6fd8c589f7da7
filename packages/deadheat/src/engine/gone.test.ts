import { expect, it } from "vitest";
import type { ScheduleCounts } from "../plan/interleaving.ts";
import { doubtOfSilence } from "./gone.ts";

const all: ScheduleCounts = {
  planned: 6,
  realised: 6,
  unrealised: 0,
  skipped: 1,
  uncovered: ["tests and writes in one statement: UPDATE t SET n = n + $1"],
  unshown: [],
  deadlocks: 0,
  serializationFailures: 0,
  reasons: [],
};

it("is gone where every order was realised and covers what is judged", () => {
  expect(doubtOfSilence(all)).toBeUndefined();
});

it.each<[string, ScheduleCounts | undefined, RegExp]>([
  ["none was tried", undefined, /was tried/],
  ["none was planned", { ...all, planned: 0, realised: 0 }, /could be tried: tests and writes/],
  [
    "one was not realised",
    { ...all, realised: 5, unrealised: 1, reasons: ["one thread"] },
    /^5 of 6 .*: one thread/,
  ],
  ["the state is elsewhere by now", { ...all, unshown: ["kept in memory"] }, /: kept in memory$/],
])("is not gone where %s", (_name, schedules, why) => {
  expect(doubtOfSilence(schedules)).toMatch(why);
});
