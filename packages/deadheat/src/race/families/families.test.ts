import { describe, expect, it } from "vitest";
import type { Operation } from "../../plan/operation.ts";
import { numberOf } from "../text.ts";
import { counter } from "./counter.ts";
import type { Calibration, CalibrationCall } from "./family.ts";
import { limit } from "./limit.ts";
import { register } from "./register.ts";
import { set } from "./set.ts";
import { transfer } from "./transfer.ts";

const observer = { method: "GET", path: "/me" } as Operation;
const gauges = new Map(["a", "b"].map((key) => [key, { observer, pointer: `/${key}` }]));

/** Calls that sent `amount` each and were followed by these values of gauges a and b. */
function calibration(
  calls: readonly [number, string, number, number][],
  start: readonly [number, number] = [0, 0],
): Calibration {
  let before = new Map([
    ["a", start[0]],
    ["b", start[1]],
  ]);
  return {
    gauges,
    calls: calls.map(([amount, outcome, a, b]) => {
      const after = new Map([
        ["a", a],
        ["b", b],
      ]);
      const call = {
        amounts: { "/n": amount },
        outcome: outcome as CalibrationCall["outcome"],
        before,
        after,
      };
      before = after;
      return call;
    }),
  };
}

describe("counter", () => {
  it("fits the gauge that rises by what was sent, before one that counts calls", () => {
    const fit = counter.fit(
      calibration([
        [3, "ok", 1, 3],
        [1, "ok", 2, 4],
        [7, "ok", 3, 11],
      ]),
    );
    expect(fit?.gauge.pointer).toBe("/b");
    expect(fit?.effectOf({ "/n": 5 })).toBe(5);
  });

  it("fits a subtraction", () => {
    const fit = counter.fit(
      calibration(
        [
          [3, "ok", 97, 0],
          [1, "ok", 96, 0],
          [7, "ok", 89, 0],
        ],
        [100, 0],
      ),
    );
    expect(fit?.effectOf({ "/n": 5 })).toBe(-5);
  });

  it("fits the same step each time", () => {
    const fit = counter.fit(
      calibration([
        [3, "ok", 2, 9],
        [1, "ok", 4, 1],
        [7, "ok", 6, 5],
      ]),
    );
    expect(fit?.effectOf({ "/n": 5 })).toBe(2);
  });

  it("decimals add up as they are written", () => {
    const fit = counter.fit(
      calibration([
        [0.1, "ok", 0.1, 0],
        [0.2, "ok", 0.1 + 0.2, 0],
        [0.7, "ok", 1, 0],
      ]),
    );
    expect(fit?.gauge.pointer).toBe("/a");
  });

  it.each<[string, [number, string, number, number][]]>([
    [
      "a register",
      [
        [3, "ok", 3, 0],
        [1, "ok", 1, 0],
        [7, "ok", 7, 0],
      ],
    ],
    [
      "a call without effect",
      [
        [3, "ok", 3, 0],
        [1, "ok", 3, 0],
        [7, "ok", 10, 0],
      ],
    ],
    [
      "a refusal",
      [
        [3, "ok", 3, 0],
        [1, "ok", 4, 0],
        [7, "rejected", 4, 0],
      ],
    ],
    [
      "a number that something else changes too",
      [
        [3, "ok", 4, 0],
        [1, "ok", 5, 0],
        [7, "ok", 13, 0],
      ],
    ],
    [
      "too few calls",
      [
        [3, "ok", 3, 0],
        [1, "ok", 4, 0],
      ],
    ],
  ])("does not fit %s", (_name, calls) => {
    expect(counter.fit(calibration(calls))).toBeUndefined();
  });
});

describe("limit", () => {
  it("fits once, and k times", () => {
    expect(
      limit.fit(
        calibration([
          [1, "ok", 10, 0],
          [1, "rejected", 10, 0],
          [1, "rejected", 10, 0],
        ]),
      )?.limit,
    ).toBe(1);
    const three = calibration([
      [1, "ok", 5, 0],
      [1, "ok", 10, 0],
      [1, "ok", 15, 0],
      [1, "rejected", 15, 0],
      [1, "rejected", 15, 0],
    ]);
    expect(limit.fit(three)).toMatchObject({ limit: 3 });
    expect(limit.fit(three)?.effectOf({})).toBe(5);
  });

  it("takes a call that took all that it asked for for one that takes what it asks for", () => {
    const stock = calibration([
      [3, "ok", 3, 0],
      [1, "rejected", 3, 0],
      [7, "rejected", 3, 0],
    ]);
    const fit = limit.fit(stock);
    const [pointer = ""] = Object.keys(stock.calls[0]?.amounts ?? {});
    expect(fit?.effectOf({ [pointer]: 1 })).toBe(1);
    expect(fit?.effectOf({ [pointer]: 3 })).toBe(3);
  });

  it("says that it is made once and set from then on, where other texts are taken without a second one", () => {
    const made: [number, string, number, number][] = [
      [1, "ok", 1, 0],
      [1, "ok", 1, 0],
      [1, "ok", 1, 0],
    ];
    const others = (outcome: string) => calibration([[1, outcome, 1, 0]], [1, 0]).calls;
    const wordsOf = (outcome: string) => limit.fit({ ...calibration(made), others: others(outcome) })?.words;
    expect(wordsOf("ok")).toBe("made once, and set from then on, adds 1 to /a of GET /me");
    expect(wordsOf("rejected")).toBe("allowed once, adds 1 to /a of GET /me");
  });

  it.each<[string, [number, string, number, number][]]>([
    [
      "no refusal",
      [
        [1, "ok", 1, 0],
        [1, "ok", 2, 0],
        [1, "ok", 3, 0],
      ],
    ],
    [
      "a single refusal",
      [
        [1, "ok", 1, 0],
        [1, "ok", 2, 0],
        [1, "rejected", 2, 0],
      ],
    ],
    [
      "a refusal with an effect",
      [
        [1, "ok", 1, 0],
        [1, "rejected", 2, 0],
        [1, "rejected", 3, 0],
      ],
    ],
    [
      "a failure that is no refusal",
      [
        [1, "ok", 1, 0],
        [1, "other", 1, 0],
        [1, "rejected", 1, 0],
      ],
    ],
    [
      "success after a refusal",
      [
        [1, "ok", 1, 0],
        [1, "rejected", 1, 0],
        [1, "ok", 2, 0],
      ],
    ],
    [
      "an effect that nothing shows",
      [
        [1, "ok", 0, 0],
        [1, "rejected", 0, 0],
        [1, "rejected", 0, 0],
      ],
    ],
    [
      "uneven effects",
      [
        [1, "ok", 5, 0],
        [1, "ok", 6, 0],
        [1, "rejected", 6, 0],
        [1, "rejected", 6, 0],
      ],
    ],
  ])("does not fit %s", (_name, calls) => {
    expect(limit.fit(calibration(calls))).toBeUndefined();
  });
});

describe("limit, by the state alone", () => {
  it("a use past the limit may be acknowledged as done before", () => {
    const fit = limit.fit(
      calibration([
        [1, "ok", 10, 0],
        [1, "ok", 10, 0],
        [1, "ok", 10, 0],
      ]),
    );
    expect(fit).toMatchObject({ limit: 1, forgiving: true });
  });
});

describe("register", () => {
  it("fits the gauge that shows what was sent last", () => {
    const sets = calibration([
      [3, "ok", 0, 3],
      [1, "ok", 0, 1],
      [7, "ok", 0, 7],
    ]);
    const fit = register.fit(sets);
    expect(fit?.gauge.pointer).toBe("/b");
    expect(fit?.effectOf({ "/n": 5 }, 7)).toBe(-2);
  });

  it("does not fit a counter", () => {
    expect(
      register.fit(
        calibration([
          [3, "ok", 3, 0],
          [1, "ok", 4, 0],
          [7, "ok", 11, 0],
        ]),
      ),
    ).toBeUndefined();
  });
});

describe("texts", () => {
  const texts = (calls: readonly [number, string, number, number][]): Calibration => {
    const fits = calibration(calls);
    const [[key, gauge] = ["a", { observer, pointer: "/a" }]] = fits.gauges;
    return { ...fits, gauges: new Map([[key, { ...gauge, text: true }]]) };
  };

  it("that change with every call are no counter, and once no limit", () => {
    // As updated_at, were texts numbered in the order in which they are seen.
    const steps = texts([
      [3, "ok", 1, 0],
      [1, "ok", 2, 0],
      [7, "ok", 3, 0],
    ]);
    expect(counter.fit(steps)).toBeUndefined();
    const once = texts([
      [1, "ok", 1, 0],
      [1, "rejected", 1, 0],
      [1, "rejected", 1, 0],
    ]);
    expect(limit.fit(once)).toBeUndefined();
  });

  it("that are set make a register, where each is the one that was sent", () => {
    const numbers = [3, 1, 7].map((amount) => [amount, "ok", numberOf(`text ${amount}`), 0] as const);
    const sent = {
      ...texts(numbers.map((one) => [...one])),
      textNumber: (_: string, amount: number) => numberOf(`text ${amount}`),
    };
    const fit = register.fit(sent);
    expect(fit?.effectOf({ "/n": 5 }, numberOf("text 7"))).toBe(numberOf("text 5") - numberOf("text 7"));
    expect(register.fit({ ...sent, textNumber: () => numberOf("another") })).toBeUndefined();
  });

  it("have numbers that differ by no step", () => {
    const numbers = Array.from({ length: 200 }, (_, index) =>
      numberOf(`2026-11-24T10:00:00.${index + 100}Z`),
    );
    const steps = numbers.slice(1).map((value, index) => value - (numbers[index] ?? 0));
    expect(new Set(steps).size).toBe(steps.length);
    expect(numbers.every(Number.isSafeInteger)).toBe(true);
  });
});

describe("transfer", () => {
  it("fits an amount that leaves one gauge and arrives at the other, and watches both", () => {
    const fit = transfer.fit(
      calibration(
        [
          [3, "ok", 97, 3],
          [1, "ok", 96, 4],
          [7, "ok", 89, 11],
        ],
        [100, 0],
      ),
    );
    expect(fit).toMatchObject({ gauge: { pointer: "/a" }, payee: { gauge: { pointer: "/b" } } });
    expect([fit?.effectOf({ "/n": 5 }), fit?.payee?.effectOf({ "/n": 5 })]).toEqual([-5, 5]);
  });

  it("does not fit where nothing arrives", () => {
    const spent: [number, string, number, number][] = [
      [3, "ok", 97, 0],
      [1, "ok", 96, 0],
      [7, "ok", 89, 0],
    ];
    expect(transfer.fit(calibration(spent, [100, 0]))).toBeUndefined();
  });
});

describe("set", () => {
  const repeated = calibration([
    [1, "ok", 1, 0],
    [1, "rejected", 1, 0],
    [1, "rejected", 1, 0],
  ]);
  const others = (a: number) => calibration([[1, "ok", a, 0]], [1, 0]).calls;

  it("fits a text that is taken once, where another one is taken, too", () => {
    expect(set.fit({ ...repeated, others: others(2) })).toMatchObject({ family: "set", limit: 1 });
  });

  it("does not fit a limit, which refuses any text, nor what was tried with one text only", () => {
    expect(set.fit({ ...repeated, others: others(1) })).toBeUndefined();
    expect(set.fit(repeated)).toBeUndefined();
  });
});
