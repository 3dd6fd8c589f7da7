import { expect, it } from "vitest";
import type { SqlStatement } from "../../plan/interleaving.ts";
import { planSchedules, type Surroundings } from "./plan.ts";
import type { TableLinks } from "./side.ts";

type Part = Pick<SqlStatement, "kind"> & Partial<SqlStatement>;

function statements(...parts: Part[]): SqlStatement[] {
  return parts.map((one) => ({
    text: "",
    fingerprint: "",
    tables: [],
    statements: 1,
    connection: 1,
    ...one,
  }));
}

const reads = (name: string): Part => ({ kind: "read", tables: [{ name, use: "read" }] });
const locks = (name: string): Part => ({
  kind: "lock",
  locks: "FOR UPDATE",
  tables: [{ name, use: "lock" }],
});
const writes = (name: string): Part => ({ kind: "write", tables: [{ name, use: "write" }] });
const table = (name: string, reaches: string[] = [], opaque = false): TableLinks => ({
  name,
  reaches,
  opaque,
  triggers: opaque,
});
const links = [table("a"), table("b"), table("tokens")];

const surroundings = { links, functions: ["redeem"], readCommitted: true };

function planned(own: Part[], others: Part[], changed: Partial<Surroundings> = {}): number[] {
  const script = { first: statements(...own), second: statements(...others) };
  return planSchedules(script, "first", { ...surroundings, ...changed }).preemptions.map((one) => one.before);
}

it("skips what touches nothing of the other's, and nothing else", () => {
  expect(planned([reads("a"), reads("b"), writes("b")], [reads("b"), writes("b")])).toEqual([2, 3]);
  expect(planned([reads("b")], [reads("b")])).toEqual([]);
  expect(planned([locks("b")], [reads("b")])).toEqual([1]);
});

it("never skips a write, whose effect comes before or after the other's acknowledgement", () => {
  expect(planned([reads("tokens"), writes("a")], [writes("tokens")])).toEqual([1, 2]);
});

it("skips BEGIN and settings, and COMMIT only where nothing in its transaction matters", () => {
  const whole = (work: Part) =>
    [{ kind: "begin" } as const, work, { kind: "commit" } as const].map((one) => ({
      ...one,
      transaction: 1,
    }));
  expect(planned(whole(writes("a")), [writes("b")])).toEqual([2, 3]);
  expect(planned(whole(locks("b")), [writes("b")])).toEqual([2, 3]);
  expect(planned(whole(reads("a")), [writes("b")])).toEqual([]);
  // The last statement of a transaction that was not seen whole.
  expect(planned([{ kind: "commit" }], [writes("b")])).toEqual([1]);
});

it("takes what is unclear for touching everything", () => {
  expect(planned([{ ...reads("a"), opaque: true }], [writes("b")])).toEqual([1]);
  expect(planned([reads("a")], [{ ...writes("b"), opaque: true }])).toEqual([1]);
  expect(planned([reads("unknown")], [writes("b")])).toEqual([1]);
  expect(planned([reads("a")], [writes("b")], { links: [table("a", [], true), table("b")] })).toEqual([1]);
  expect(planned([{ ...reads("a"), calls: ["redeem"] }], [writes("b")])).toEqual([1]);
  expect(planned([{ ...reads("a"), calls: ["pg_sleep"] }], [writes("b")])).toEqual([]);
  expect(planned([{ ...reads("a"), calls: ["pg_sleep"] }], [writes("b")], { functions: "unknown" })).toEqual([
    1,
  ]);
});

it("follows foreign keys: a change may lock or change what they lead to", () => {
  const related = [table("a"), table("b", ["a", "b"])];
  expect(planned([reads("a")], [writes("b")], { links: related })).toEqual([1]);
});

it("skips no read above READ COMMITTED, where the first one takes the snapshot for all", () => {
  const own = [{ kind: "begin" } as const, reads("a"), reads("b")];
  expect(planned(own, [writes("b")], { readCommitted: false })).toEqual([2, 3]);
});

it("plans nothing where one of the two says nothing, and says so", () => {
  const plan = (own: Part[], others: Part[]) =>
    planSchedules({ first: statements(...own), second: statements(...others) }, "first", surroundings);
  expect(plan([], [reads("a")]).uncovered[0]).toMatch(/^the request sends no statement/);
  expect(plan([writes("a")], [])).toMatchObject({
    preemptions: [],
    uncovered: [expect.stringMatching(/^the other/)],
  });
  expect(plan([{ ...writes("a"), statements: 3, text: "x; y; z" }], [reads("a")]).uncovered).toEqual([
    "3 statements in one message: x; y; z",
  ]);
});

it("tells what may race inside itself from what is one step for everybody", () => {
  const inside = (...parts: Part[]) => {
    const script = { first: statements(...parts), second: statements(...parts) };
    const triggered = [...links, table("watched", [], true)];
    return planSchedules(script, "first", { ...surroundings, links: triggered });
  };
  const decided = (testsAndWrites: "its own rows" | "other rows"): Part => ({
    ...writes("a"),
    testsAndWrites,
    text: "x",
  });
  expect(inside(decided("its own rows"))).toMatchObject({
    uncovered: ["tests and writes in one statement: x"],
    inside: [],
  });
  expect(inside(decided("other rows")).inside).toEqual(["tests and writes in one statement: x"]);
  for (const part of [{ calls: ["redeem"] }, { opaque: true as const }])
    expect(inside({ ...reads("a"), ...part, text: "x" }).inside).toEqual([
      "runs statements of its own inside the database: x",
    ]);
  expect(inside({ ...writes("watched"), text: "x" }).inside).toEqual([
    "runs triggers inside the database: x",
  ]);
  expect(inside({ ...reads("a"), calls: ["pg_advisory_xact_lock"] }).inside).toEqual([]);
  expect(inside({ kind: "begin", statements: 2 }).uncovered).toEqual([]);
});
