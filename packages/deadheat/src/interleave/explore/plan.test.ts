import { expect, it } from "vitest";
import type { SqlStatement } from "../../plan/interleaving.ts";
import { planSchedules } from "./plan.ts";
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
});
const links = [table("a"), table("b"), table("tokens")];

function planned(own: Part[], others: Part[], surroundings = { links, readCommitted: true }): number[] {
  const script = { first: statements(...own), second: statements(...others) };
  return planSchedules(script, "first", surroundings).preemptions.map((one) => one.before);
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
  expect(
    planned([reads("a")], [writes("b")], { links: [table("a", [], true), table("b")], readCommitted: true }),
  ).toEqual([1]);
});

it("follows foreign keys: a change may lock or change what they lead to", () => {
  const related = [table("a"), table("b", ["a", "b"])];
  expect(planned([reads("a")], [writes("b")], { links: related, readCommitted: true })).toEqual([1]);
});

it("skips no read above READ COMMITTED, where the first one takes the snapshot for all", () => {
  const own = [{ kind: "begin" } as const, reads("a"), reads("b")];
  expect(planned(own, [writes("b")], { links, readCommitted: false })).toEqual([2, 3]);
});

it("plans nothing where one of the two says nothing, and says so", () => {
  const plan = (own: Part[], others: Part[]) =>
    planSchedules({ first: statements(...own), second: statements(...others) }, "first", {
      links,
      readCommitted: true,
    });
  expect(plan([], [reads("a")]).uncovered[0]).toMatch(/^the request sends no statement/);
  expect(plan([writes("a")], [])).toMatchObject({
    preemptions: [],
    uncovered: [expect.stringMatching(/^the other/)],
  });
  expect(plan([{ ...writes("a"), statements: 3, text: "x; y; z" }], [reads("a")]).uncovered).toEqual([
    "3 statements in one message: x; y; z",
  ]);
});

it("says where the state that is judged is kept elsewhere", () => {
  const elsewhere = (first: Part[], second: Part[], observation: Part[]) => {
    const script = { first: statements(...first), second: statements(...second) };
    const all = { ...script, observation: statements(...observation) };
    return planSchedules(all, "first", { links, readCommitted: true }).elsewhere;
  };
  const named = (part: Part, fingerprint: string): Part => ({ ...part, fingerprint });
  const finds = named(reads("tokens"), "find");
  const uses = named(writes("tokens"), "last used");
  const revokes = named(writes("tokens"), "revoke");
  const saves = named(writes("a"), "save");
  const shows = named(reads("a"), "show");
  // Points in a.
  expect(elsewhere([finds, saves], [finds, saves], [finds, shows])).toBeUndefined();
  expect(elsewhere([finds, uses, saves], [finds, revokes], [finds, uses, shows])).toBeUndefined();
  // Points in memory.
  expect(elsewhere([finds], [finds], [finds])).toMatch(/change nothing in this database/);
  expect(elsewhere([finds, named(writes("b"), "audit")], [finds], [finds])).toMatch(/: b$/);
  expect(elsewhere([finds, uses], [finds, uses], [finds, uses])).toMatch(/change nothing/);
  expect(elsewhere([finds], [finds, revokes], [finds])).toMatch(/change nothing/);
  // What is unclear may be anything.
  expect(elsewhere([finds, { ...saves, opaque: true }], [finds], [finds])).toBeUndefined();
});
