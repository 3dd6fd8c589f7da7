import { expect, it } from "vitest";
import type { SqlStatement } from "../../plan/interleaving.ts";
import { keptWhere } from "./kept.ts";

type Part = Pick<SqlStatement, "kind" | "fingerprint"> & Partial<SqlStatement>;

const part = (use: "read" | "lock" | "write", name: string, fingerprint: string): Part => ({
  kind: use,
  tables: [{ name, use }],
  fingerprint,
});
const statements = (parts: Part[]): SqlStatement[] =>
  parts.map((one) => ({ text: "", tables: [], statements: 1, connection: 1, ...one }));
const table = (name: string) => ({ name, reaches: [], opaque: false, triggers: false });
const catalogue = { links: ["players", "audit", "tokens"].map(table), functions: ["redeem"] };

function kept(first: Part[], second: Part[], observation: Part[]) {
  const script = { first: statements(first), second: statements(second) };
  return keptWhere({ ...script, observation: statements(observation) }, catalogue);
}

const finds = part("read", "tokens", "find");
const locks = part("lock", "tokens", "lock");
const noted = part("write", "tokens", "last used");
const revokes = part("write", "tokens", "revoke");
const looks = part("read", "players", "look");
const saves = part("write", "players", "save");
const shows = part("read", "players", "show");
const inserts: Part = { ...part("write", "audit", "insert"), tag: "INSERT 0 1" };

const readBy = (...found: string[]) => ({
  readBy: new Set(found),
  readByEither: new Set(found),
  summed: new Set(),
});

it("is here where the state is read from what the requests change, having looked at it", () => {
  expect(kept([finds, looks, saves], [finds, looks, saves], [finds, shows])).toEqual(readBy("show"));
  // The other one ends a token: that shows in what looks tokens up.
  expect(kept([finds, noted, looks, saves], [finds, revokes], [finds, noted, shows])).toEqual({
    ...readBy("show"),
    readByEither: new Set(["show", "find", "last used"]),
  });
});

it("is elsewhere where the database hears of tokens and of an audit only", () => {
  expect(kept([finds], [finds], [finds])).toEqual({
    elsewhere: "the requests change nothing in this database",
  });
  expect(kept([finds, inserts], [finds, inserts], [finds])).toEqual({
    elsewhere: expect.stringMatching(/: audit$/),
  });
  expect(kept([finds, noted], [finds, noted], [finds, noted])).toEqual({
    elsewhere: expect.stringMatching(/change nothing/),
  });
  expect(kept([finds], [finds, revokes], [finds])).toEqual({
    elsewhere: expect.stringMatching(/change nothing/),
  });
  // A lock is no change.
  expect(kept([locks], [locks], [finds])).toEqual({ elsewhere: expect.stringMatching(/change nothing/) });
});

it("is here where the read of the state makes the same request to see whether it works", () => {
  const makes: Part = { ...part("write", "tokens", "make"), tag: "INSERT 0 1" };
  const ends = part("write", "tokens", "end");
  const refresh = [finds, ends, makes];
  expect(kept(refresh, refresh, [...refresh, ...refresh])).toEqual(readBy("find", "end"));
  // An audit of each request, reads among them, is none of what is judged.
  expect(kept([finds, inserts], [finds, inserts], [finds, inserts])).toHaveProperty("elsewhere");
});

it("has not been decided here where the requests only insert", () => {
  const listed = part("read", "audit", "list");
  expect(kept([finds, inserts], [finds, inserts], [listed])).toMatchObject({
    undecided: expect.stringMatching(/: audit$/),
  });
  const counted = part("read", "audit", "count");
  expect(kept([finds, counted, inserts], [finds, counted, inserts], [finds, listed])).toEqual(readBy("list"));
  const sums: Part = { ...part("read", "audit", "sum"), sums: true };
  expect(kept([finds, inserts], [finds, inserts], [sums])).toMatchObject({ summed: new Set(["sum"]) });
  // That a token was used decides nothing between two that use it.
  const uses = [finds, noted, inserts];
  expect(kept(uses, uses, [finds, listed])).toMatchObject({ undecided: expect.any(String) });
  const upserts: Part = { ...inserts, testsAndWrites: "its own rows" };
  expect(kept([upserts], [upserts], [listed])).toEqual(readBy("list"));
});

it("takes a function of the user's for one that does anything", () => {
  const redeems: Part = { kind: "read", fingerprint: "redeem", calls: ["redeem"] };
  expect(kept([finds, redeems], [finds, redeems], [finds, shows])).toEqual(readBy("find", "show"));
});

it("does not take what foreign keys lead to for looked at", () => {
  const linked = {
    ...catalogue,
    links: [
      { ...table("users"), reaches: ["users", "tokens", "players", "audit"] },
      { ...table("players"), reaches: ["players", "users"] },
      { ...table("tokens"), reaches: ["tokens", "users"] },
      { ...table("audit"), reaches: ["audit", "users"] },
    ],
  };
  const keptIn = (first: Part[], observation: Part[]) =>
    keptWhere(
      { first: statements(first), second: statements(first), observation: statements(observation) },
      linked,
    );
  // Every request locks its user, those that read the state as well: the points are not looked up by that.
  const user = part("lock", "users", "user");
  expect(keptIn([user, saves], [user, shows])).toEqual(readBy("user", "show"));
  // Nor has one that locks its token counted what it inserts beside it.
  const listed = part("read", "audit", "list");
  expect(keptIn([locks, inserts], [finds, listed])).toMatchObject({
    undecided: expect.stringMatching(/audit/),
  });
});
