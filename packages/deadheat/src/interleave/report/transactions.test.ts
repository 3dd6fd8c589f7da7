import { expect, it } from "vitest";
import type { SqlStatement } from "../../plan/interleaving.ts";
import { tablesWritten, transactionReport } from "./transactions.ts";

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

const operation = { method: "POST", path: "/score" };
const tokens = new Set(["tokens"]);
const check: Part = { kind: "read", tables: [{ name: "tokens", use: "read" }] };
const write: Part = { kind: "write", tables: [{ name: "profiles", use: "write" }] };
const read: Part = { kind: "read", tables: [{ name: "profiles", use: "read" }] };

it("knows the token tables from what a revocation writes", () => {
  expect(
    tablesWritten(statements({ kind: "write", tables: [{ name: "tokens", use: "write" }] }, read)),
  ).toEqual(tokens);
});

it("says no where check and write are transactions of their own", () => {
  const report = transactionReport(operation, statements(check, read, write), tokens);
  expect(report.atomic).toBe("no");
  expect(report.remarks).toEqual([
    "the token is checked outside the transaction of the write",
    "2 may feed 3, in another transaction",
  ]);
  expect(report.statements[2]?.fedBy).toEqual([2]);
});

it("says yes, and that nothing is locked: the check may be out of date when the write comes", () => {
  const inOne = statements({ kind: "begin" }, check, write, { kind: "commit" }).map((one) => ({
    ...one,
    transaction: 1,
  }));
  const report = transactionReport(operation, inOne, tokens);
  expect(report.atomic).toBe("yes");
  expect(report.remarks[0]).toMatch(/nothing is locked/);
});

it("has nothing to say against a lock that comes before the check", () => {
  const lock: Part = { kind: "lock", locks: "advisory" };
  const inOne = statements(lock, check, write).map((one) => ({ ...one, transaction: 1 }));
  expect(transactionReport(operation, inOne, tokens)).toMatchObject({ atomic: "yes", remarks: [] });
});

it("a check after the write does not count, nor one in another transaction", () => {
  const late = statements(write, check).map((one) => ({ ...one, transaction: 1 }));
  expect(transactionReport(operation, late, tokens).atomic).toBe("no");
  const apart = statements({ ...check, transaction: 1 }, { ...write, transaction: 2 });
  expect(transactionReport(operation, apart, tokens).atomic).toBe("no");
});

it("does not know without a revocation to learn from, nor of a request that writes nothing", () => {
  expect(transactionReport(operation, statements(check, write), new Set()).atomic).toBe("not known");
  expect(transactionReport(operation, statements(check), tokens).atomic).toBe("not known");
});
