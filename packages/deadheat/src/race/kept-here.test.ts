import { describe, expect, it } from "vitest";
import { type Change, shownByDatabase } from "./kept-here.ts";

type Row = readonly (string | Buffer | null)[];

function shown(
  changes: readonly Change[],
  before: readonly Row[],
  after: readonly Row[],
  shared: readonly string[] = [],
  summed: readonly string[] = [],
) {
  const result = (rows: readonly Row[]) => ({
    fingerprint: "show",
    rows: rows.map((row) => row.map((one) => (typeof one === "string" ? Buffer.from(one) : one))),
  });
  return shownByDatabase(changes, {
    before: [result([["0"], ["1"]]), result(before)],
    after: [result(after)],
    readBy: new Set(["show"]),
    shared: new Set(shared),
    summed: new Set(summed),
  });
}

const points = [{ before: 7, after: 17 }];

describe("a number of the state", () => {
  it("is the database's where a column shows it, before and after", () => {
    expect(shown(points, [["ann", "7"]], [["ann", "17"]])).toBe("as it is");
    expect(shown([{ before: "7.50", after: "9.50" }], [["7.5"]], [["9.5"]])).toBe("as it is");
    expect(shown([{ before: 0, after: 5 }], [], [["ann", "5"]])).toBe("as it is");
    expect(shown([{ after: 5 }], [[null]], [["5"]])).toBe("as it is");
  });

  it("is not where nothing there shows it, or what shows it has not changed", () => {
    expect(shown(points, [["ann"]], [["ann"]])).toBe("not");
    expect(shown(points, [["7", "17"]], [["7", "17"]])).toBe("not");
    // The calls that were noted beside the token.
    expect(shown(points, [["0"]], [["2"]])).toBe("not");
    expect(shown(points, [], [])).toBe("not");
  });

  it("may be worked out from it, by a statement of the reads' own", () => {
    expect(shown(points, [["700"]], [["1700"]])).toBe("as it is");
    expect(shown([{ before: 3, after: 2 }], [["0"]], [["1"]])).toBe("as it is");
    expect(shown([{ before: 3, after: 2 }], [["0"]], [["1"]], ["show"])).toBe("not");
  });

  it("may be the sum of rows that come, or their number", () => {
    expect(shown(points, [["7"]], [["7"], ["4"], ["6"]])).toBe("as a sum");
    expect(shown([{ before: 1, after: 2 }], [["x"]], [["x"], ["y"]])).toBe("as a sum");
    expect(shown(points, [["7"]], [["7"], ["17"]])).toBe("as it is");
  });

  it("may be one that the database has summed up", () => {
    expect(shown(points, [["7", "1"]], [["17", "2"]], [], ["show"])).toBe("as a sum");
    expect(shown(points, [["7", "1"]], [["18", "2"]], ["show"], ["show"])).toBe("not");
  });

  it("may come in binary, or within JSON", () => {
    const int4 = (value: number) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value);
      return bytes;
    };
    expect(shown(points, [[int4(7)]], [[int4(17)]])).toBe("as it is");
    // 7 and 17.5 as numeric_send writes them.
    const seven = Buffer.from("00010000000000000007", "hex");
    const more = Buffer.from("000200000000000100111388", "hex");
    expect(shown([{ before: 7, after: 17.5 }], [[seven]], [[more]])).toBe("as it is");
    expect(shown(points, [['{"me": {"points": 7}}']], [['{"me": {"points": 17}}']])).toBe("as it is");
  });

  it("has to be shown with all others", () => {
    const both = [...points, { before: 0, after: 2 }];
    expect(shown(both, [["7", "x"]], [["17", "y"]], ["show"])).toBe("not");
    expect(shown(both, [["7", "0"]], [["17", "2"]], ["show"])).toBe("as it is");
  });
});

it("looks for texts, truths and times where there is no number", () => {
  const text = [{ before: "draft", after: "published" }];
  expect(shown(text, [["draft"]], [["published"]])).toBe("as it is");
  expect(shown(text, [["x"]], [["y"]])).toBe("not");
  // A name that was made for the trial is left out of what is compared.
  const named = [{ after: "{own}0" }];
  expect(shown(named, [['{"name": "dh6y"}']], [['{"name": "dh6y", "phone": "dh100"}']])).toBe("as it is");
  expect(shown(named, [["dh6y"]], [["dh6z"]])).toBe("not");
  expect(shown([{ before: false, after: true }], [["f"]], [["t"]])).toBe("as it is");
  const time = [{ before: null, after: "2026-01-02T03:04:05.678Z" }];
  expect(shown(time, [[null]], [["2026-01-02 03:04:05.678901+00"]])).toBe("as it is");
});

it("looks for rows that come or go where nothing is shown any more", () => {
  expect(shown([{ before: "there" }], [["x"]], [])).toBe("as it is");
  expect(shown([{ before: "there" }], [["x"]], [["x"]])).toBe("not");
  expect(shown([], [["x"]], [["y"]])).toBe("not");
});

it("takes what is refused for refused by its row where that says something else now", () => {
  const gone = [{ before: "there" }, { before: 4711 }];
  expect(shown(gone, [["4711", "ann's"]], [["4711", "bob's"]])).toBe("as it is");
  expect(shown(gone, [["4711", "31"]], [["4711", "32"]])).toBe("as it is");
  // When it was changed, how often it was, and what looks a token up.
  expect(shown(gone, [["4711", "2026-01-02 03:04:05+00"]], [["4711", "2026-01-02 03:04:06+00"]])).toBe("not");
  const moment = (micros: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(micros);
    return bytes;
  };
  expect(shown(gone, [[moment(820_000_000_000_000n)]], [[moment(820_000_000_900_000n)]])).toBe("not");
  expect(shown(gone, [["4711", "1"]], [["4711", "2"]])).toBe("not");
  expect(shown(gone, [["4711", "ann's"]], [["4711", "bob's"]], ["show"])).toBe("not");
});
