import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkText } from "../check-text.ts";
import { historyOf } from "../testing/arbitrary.ts";
import { subjects } from "../testing/subjects.ts";
import { readFormat, readHistory, readJepsenEtcd, readKvEdn, writeHistory } from "./index.ts";

const jepsen = (rows: string[]) =>
  rows.map((row) => `INFO  jepsen.util - ${row.replaceAll(" | ", "\t")}`).join("\n");

describe("jepsen-etcd", () => {
  it("reads answers, comparisons that failed, and what timed out", () => {
    const text = jepsen([
      "0 | :invoke | :write | 4",
      "1 | :invoke | :read | nil",
      "0 | :ok | :write | 4",
      "1 | :ok | :read | nil",
      "0 | :invoke | :cas | [4 1]",
      "1 | :invoke | :read | nil",
      "0 | :fail | :cas | [4 1]",
      "1 | :fail | :read | :timed-out",
      "0 | :invoke | :cas | [1 2]",
      "0 | :info | :cas | :timed-out",
      "2 | :invoke | :write | 3",
    ]);
    expect(readJepsenEtcd(`${text}\nWARN something else\n`)).toEqual([
      { id: "1", process: "0", invoke: 1, return: 3, input: { type: "write", value: 4 }, outcome: "ok" },
      { id: "2", process: "1", invoke: 2, return: 4, input: { type: "read" }, output: null, outcome: "ok" },
      {
        id: "5",
        process: "0",
        invoke: 5,
        return: 7,
        input: { type: "cas", from: 4, to: 1 },
        outcome: "rejected",
      },
      { id: "9", process: "0", invoke: 9, input: { type: "cas", from: 1, to: 2 }, outcome: "unknown" },
      { id: "11", process: "2", invoke: 11, input: { type: "write", value: 3 }, outcome: "unknown" },
    ]);
  });

  it.each([
    [["0 | :ok | :read | 1"], "line 1: process 0 returns without an invoke"],
    [["0 | :invoke | :read | nil", "0 | :invoke | :read | nil"], "line 2: process 0 invokes again"],
    [["0 | :invoke | :cas | 7"], "line 1: 7 is not a pair"],
    [["0 | :invoke | :read | nil", "0 | :ok | :write | 1"], "line 2: process 0 invoked read, not write"],
  ])("refuses %j", (rows, message) => {
    expect(() => readJepsenEtcd(jepsen(rows))).toThrowError(message);
  });
});

describe("kv-edn", () => {
  it("reads gets, puts and appends", () => {
    const text = [
      '{:process 0, :type :invoke, :f :append, :key "a", :value "x \\"1\\""}',
      '{:process 1, :type :invoke, :f :get, :key "a", :value nil}',
      '{:process 0, :type :ok, :f :append, :key "a", :value "x \\"1\\""}',
      '{:process 1, :type :ok, :f :get, :key "a", :value ""}',
      '{:process 2, :type :invoke, :f :put, :key "b", :value "y"}',
      "",
    ].join("\n");
    expect(readKvEdn(text)).toEqual([
      {
        id: "1",
        process: 0,
        invoke: 1,
        return: 3,
        input: { type: "append", key: "a", value: 'x "1"' },
        outcome: "ok",
      },
      {
        id: "2",
        process: 1,
        invoke: 2,
        return: 4,
        input: { type: "get", key: "a" },
        output: "",
        outcome: "ok",
      },
      { id: "5", process: 2, invoke: 5, input: { type: "put", key: "b", value: "y" }, outcome: "unknown" },
    ]);
  });

  it("refuses a line that is none", () => {
    expect(() => readKvEdn("{:process x}")).toThrowError("line 1: not an operation of a key-value history");
  });
});

describe("deadheat", () => {
  it("reads what it wrote", () => {
    for (const subject of subjects) {
      fc.assert(
        fc.property(historyOf(subject), (history) => {
          expect(readHistory(writeHistory(history))).toEqual(history);
        }),
        { numRuns: 20 },
      );
    }
  });

  it("keeps an endless return", () => {
    const endless = [
      { id: "a", process: 1, invoke: 0, return: Number.POSITIVE_INFINITY, input: 1, outcome: "ok" as const },
    ];
    expect(readHistory(writeHistory(endless))).toEqual(endless);
  });

  it.each([
    ["{", "not JSON"],
    ["3", "neither an object nor an array"],
    ['{"schema":"other/1"}', 'schema is "other/1"'],
    [
      '[{"id":"a","process":1,"invoke":"soon","input":{},"outcome":"ok"}]',
      "operation a: invoke is not a time",
    ],
    ['[{"id":"a","process":1,"invoke":0,"outcome":"ok"}]', "operation a: input is missing"],
    ['[{"id":"a","process":1,"invoke":0,"input":{},"outcome":"no"}]', 'operation a: outcome is "no"'],
  ])("refuses %s", (text, message) => {
    expect(() => readHistory(text)).toThrowError(message);
  });
});

it("refuses formats and models it does not know, and says which there are", () => {
  expect(() => readFormat("", "xml")).toThrowError(
    /no format "xml"; there are jepsen-etcd, kv-edn, deadheat/,
  );
  for (const model of [
    "nothing",
    "limit",
    "limit:x",
    "limit:-1",
    "guard:",
    "toString",
    "transfer:1",
    "kv:1",
  ]) {
    expect(() => checkText("[]", { format: "deadheat", model })).toThrowError(/no model/);
  }
  expect(checkText("[]", { format: "deadheat", model: "tolerant:guard:limit:3" }).verdict).toBe(
    "linearizable",
  );
});
