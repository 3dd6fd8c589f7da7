import { expect, it } from "vitest";
import { testsOf } from "./own-tests.ts";

const runs = (...passed: readonly boolean[]) => ({
  runTests: async () =>
    passed.map((one, index) => ({ command: `test ${index}`, passed: one, lines: one ? [] : ["1 failed"] })),
});
const never = {
  runTests: () => {
    throw new Error("asked for nothing");
  },
};

it("does not run the original's tests where the fixed copy passes its own", async () => {
  expect(await testsOf(runs(true), never)).toEqual([{ command: "test 0", status: "passed", lines: [] }]);
  expect(await testsOf(runs(), never)).toEqual([]);
});

it("tells what the fix broke from what was broken before", async () => {
  const found = await testsOf(runs(false, false, true), runs(true, false, true));
  expect(found.map(({ status }) => status)).toEqual(["failed", "failed-before", "passed"]);
  expect(found[0]?.lines).toEqual(["1 failed"]);
});
