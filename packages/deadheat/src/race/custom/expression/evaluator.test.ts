import { afterAll, describe, expect, it } from "vitest";
import { Evaluator } from "./evaluator.ts";

const evaluator = new Evaluator(1000);
afterAll(() => evaluator.close());
const observation = {
  before: { stock: 3 },
  after: { stock: 1 },
  answers: [{ ok: true }, { ok: true }, { ok: false }],
};

describe("an expression", () => {
  it("is evaluated over the observation, and it is known whether it looked at the answers", async () => {
    expect(await evaluator.evaluate("after.stock >= 0", observation)).toMatchObject({
      value: true,
      readAnswers: false,
    });
    const counted = "after.stock = before.stock - $count(answers[ok])";
    expect(await evaluator.evaluate(counted, observation)).toMatchObject({ value: true, readAnswers: true });
    // Everything is looked at by a wildcard, too.
    expect(await evaluator.evaluate("$count(*) > 0", observation)).toMatchObject({
      value: true,
      readAnswers: true,
    });
  });

  it("that matches nothing has no value, and a number stays one", async () => {
    expect(await evaluator.evaluate("after.nothing", observation)).toMatchObject({ value: undefined });
    expect(await evaluator.evaluate("after.stock + 1", observation)).toMatchObject({ value: 2 });
  });

  it("that fails is a problem without any value in it", async () => {
    const secret = { before: {}, after: { name: "hunter2" }, answers: [] };
    const answer = await evaluator.evaluate("after.name * 2", secret);
    expect(answer).toMatchObject({
      problem: expect.stringMatching(/^cannot be evaluated at character \d+ \(JSONata T\d+\)$/),
    });
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });

  it.each([
    ["a function that calls itself", "($f := function() { $f() }; $f())"],
    ["a regular expression that backtracks", `$contains("${"a".repeat(40)}!", /^(a+)+$/)`],
  ])("that does not end is stopped: %s", async (_name, expression) => {
    expect(await evaluator.evaluate(expression, observation)).toMatchObject({
      problem: "does not end: it was stopped after 1 s",
    });
    // The next one has a thread of its own.
    expect(await evaluator.evaluate("true", observation)).toMatchObject({ value: true });
  });

  it("cannot reach the program: no prototypes, no globals, no environment", async () => {
    for (const text of ["constructor", "__proto__", "after.constructor.constructor", "$process", "$require"])
      expect(await evaluator.evaluate(`$exists(${text})`, observation)).toMatchObject({ value: false });
  });
});
