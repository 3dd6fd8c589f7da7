import { expect, it } from "vitest";
import type { InterleavedStep, Realisation, SqlStatement } from "../plan/interleaving.ts";
import { keptOut } from "./kept-out.ts";

type Part = Pick<SqlStatement, "kind"> & Partial<SqlStatement>;

const script = (parts: readonly Part[]): SqlStatement[] =>
  parts.map((one, index) => ({
    text: `${index}`,
    fingerprint: `${index}`,
    tables: [],
    statements: 1,
    connection: 1,
    transaction: 1,
    ...one,
  }));

const locks: Part[] = [
  { kind: "begin" },
  { kind: "lock", locks: "advisory", calls: ["pg_advisory_xact_lock"] },
];
const REVOKES = "tests and writes in one statement: INSERT INTO revoked SELECT … WHERE NOT EXISTS …";
const revokes: Part[] = [...locks, { kind: "write", testsAndWrites: "other rows" }, { kind: "commit" }];
const acts: Part[] = [{ kind: "read", transaction: 7 }, ...locks, { kind: "write" }, { kind: "commit" }];
const lockable = [{ preemption: { held: "second", before: 3 }, words: REVOKES }] as const;

/** The first was played as far as its statement `reached`, and waits there. */
const waitsAt = (reached: number, more: Partial<Realisation> = {}): Realisation => ({
  preemption: lockable[0].preemption,
  realised: true,
  other: "blocked",
  steps: [
    { lane: "second", does: "held", at: 1 },
    ...Array.from({ length: reached }, (): InterleavedStep => ({ lane: "first", does: "statement", at: 2 })),
    { lane: "first", does: "waits", at: 3, lock: "advisory ShareLock" },
    { lane: "second", does: "statement", at: 4 },
  ],
  diverged: [],
  ...more,
});

const kept = (first: readonly Part[], second: readonly Part[], played: Realisation | undefined) =>
  keptOut(lockable, { first: script(first), second: script(second) }, () => played).size === 1;

it("is a statement that the other request waits for, having changed nothing", () => {
  expect(kept(acts, revokes, waitsAt(3))).toBe(true);
});

it("is none where the other one ran, waited for nothing of it, or was not played", () => {
  expect(kept(acts, revokes, waitsAt(3, { other: "finished" }))).toBe(false);
  expect(kept(acts, revokes, waitsAt(3, { realised: false }))).toBe(false);
  expect(kept(acts, revokes, waitsAt(3, { diverged: ["another statement"] }))).toBe(false);
  expect(kept(acts, revokes, undefined)).toBe(false);
});

it("is none where the other one changes something before it waits, or in another transaction", () => {
  const noted: Part[] = [{ kind: "write", transaction: 7 }, ...acts.slice(1)];
  expect(kept(noted, revokes, waitsAt(3))).toBe(false);
  for (const name of ["note_call", "hashtext_and_note"]) {
    const calls: Part[] = [{ kind: "read", calls: [name], transaction: 7 }, ...acts.slice(1)];
    expect(kept(calls, revokes, waitsAt(3))).toBe(false);
  }
  const later: Part[] = [...acts, { kind: "write", transaction: 9 }];
  expect(kept(later, revokes, waitsAt(3))).toBe(false);
  const onItsOwn: Part[] = [{ kind: "read" }, { kind: "write" }].map((one) => ({
    ...(one as Part),
    transaction: undefined as never,
  }));
  expect(kept(onItsOwn, revokes, waitsAt(2))).toBe(false);
});

it("is none where its own request holds no transaction open", () => {
  const alone = revokes.map((one) => ({ ...one, transaction: undefined as never }));
  expect(kept(acts, alone, waitsAt(3))).toBe(false);
});

it("has to be kept out of everywhere that it stands", () => {
  const both = [...lockable, { preemption: { held: "first", before: 4 }, words: REVOKES } as const];
  const played = ({ held }: { held: "first" | "second" }) => (held === "second" ? waitsAt(3) : undefined);
  expect(keptOut(both, { first: script(acts), second: script(revokes) }, played).size).toBe(0);
});
