import { beforeAll, expect, it } from "vitest";
import { loadSqlAnalyser, type SqlAnalyser } from "./sql.ts";

let sql: SqlAnalyser;
beforeAll(async () => {
  sql = await loadSqlAnalyser();
});

it.each([
  ["SELECT score FROM profiles WHERE user_id = 'secret'", "read", "read profiles", undefined],
  [
    "SELECT 1 FROM a JOIN b ON true FOR NO KEY UPDATE SKIP LOCKED",
    "lock",
    "lock a, lock b",
    "FOR NO KEY UPDATE SKIP LOCKED",
  ],
  ["UPDATE app.profiles SET score = 1", "write", "write app.profiles", undefined],
  ["WITH d AS (DELETE FROM x RETURNING *) SELECT * FROM d, y", "write", "read y, write x", undefined],
  ["INSERT INTO a SELECT 1 FROM b WHERE b.n < 3", "write", "read b, write a", undefined],
  ["LOCK TABLE x IN EXCLUSIVE MODE", "lock", "lock x", "LOCK TABLE"],
  ["SELECT pg_advisory_xact_lock(1)", "lock", "", "advisory"],
  ["BEGIN ISOLATION LEVEL SERIALIZABLE", "begin", "", undefined],
  ["ROLLBACK TO SAVEPOINT a", "other", "", undefined],
  // The inner one is the table.
  ["WITH t AS (SELECT * FROM t) SELECT * FROM t", "read", "read t", undefined],
  [
    "WITH d AS (SELECT * FROM t), e AS (SELECT * FROM d) SELECT * FROM e FOR UPDATE",
    "lock",
    "read t",
    "FOR UPDATE",
  ],
  ["WITH RECURSIVE t AS (SELECT 1 UNION SELECT * FROM t) SELECT * FROM t", "read", "", undefined],
  ["WITH t AS (SELECT 1) UPDATE t SET a = 1", "write", "write t", undefined],
  ["COPY t FROM STDIN", "write", "write t", undefined],
  ["SET client_encoding TO 'UTF8'", "setting", "", undefined],
  ["SELECT set_config('TimeZone', 'UTC', false)", "setting", "", undefined],
])("%s", (text, kind, tables, locks) => {
  const facts = sql.analyse(text);
  expect(facts.kind).toBe(kind);
  expect(
    facts.tables
      .map(({ use, name }) => `${use} ${name}`)
      .sort()
      .join(", "),
  ).toBe(tables);
  expect(facts.locks).toBe(locks);
});

it.each([
  ["UPDATE t SET a = a + 1 WHERE id = 1", "its own rows"],
  ["UPDATE t SET used = true WHERE id = 1 AND NOT used", "its own rows"],
  ["DELETE FROM t WHERE id = 1 AND NOT used RETURNING *", "its own rows"],
  ["INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "its own rows"],
  ["INSERT INTO t SELECT 1 WHERE 2 > (SELECT count(*) FROM t)", "other rows"],
  ["INSERT INTO t VALUES ((SELECT max(n) + 1 FROM t))", "other rows"],
  ["UPDATE t SET a = 1 WHERE (SELECT count(*) FROM t) < 3", "other rows"],
  ["UPDATE t SET a = u.a FROM u WHERE u.id = t.id", "other rows"],
  ["WITH d AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM d", "its own rows"],
  ["WITH d AS (DELETE FROM t RETURNING *) SELECT count(*) FROM d", "its own rows"],
  [
    "WITH d AS (INSERT INTO t VALUES (1) RETURNING a), c AS (UPDATE u SET n = n + 1) SELECT a FROM d",
    "its own rows",
  ],
  [
    "WITH d AS (UPDATE t SET used = true WHERE NOT used RETURNING n) UPDATE u SET n = u.n + d.n FROM d",
    "its own rows",
  ],
  ["WITH d AS (SELECT n FROM t) UPDATE u SET n = d.n FROM d", "other rows"],
  ["WITH t AS (SELECT n FROM t) UPDATE u SET n = t.n FROM t", "other rows"],
  ["WITH d AS (INSERT INTO t SELECT 1 FROM t RETURNING a) SELECT a FROM d", "other rows"],
  // A row that has come since is not among those that are counted.
  [
    "WITH d AS (UPDATE t SET a = a RETURNING 1) INSERT INTO t SELECT 1 FROM d HAVING count(*) < 3",
    "other rows",
  ],
  ["WITH d AS (UPDATE t SET a = a RETURNING 1) INSERT INTO t SELECT 1 EXCEPT SELECT 1 FROM d", "other rows"],
  [
    "WITH d AS (UPDATE t SET a = a RETURNING 1) INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT FROM d)",
    "other rows",
  ],
  ["UPDATE t SET a = 5 WHERE id = 1", undefined],
  ["INSERT INTO t VALUES (1)", undefined],
])("whether it tests and writes at once: %s", (text, expected) => {
  expect(sql.analyse(text).testsAndWrites).toBe(expected);
});

it("shows no value: neither of a statement nor of what cannot be parsed", () => {
  const texts = [
    "SELECT * FROM t WHERE token = 'hunter2' AND n IN (4711, 4712)",
    "ALTER USER x PASSWORD 'hunter2'",
    "SELEKT 'hunter2' 4711",
    "UPDATE t SET a = E'hunter2', b = $$hunter2$$, c = 4711",
  ];
  for (const text of texts) expect(JSON.stringify(sql.analyse(text))).not.toMatch(/hunter2|4711/);
});

it("knows a statement again with other values", () => {
  const a = sql.analyse("SELECT 1 FROM t WHERE k = 'x' AND n IN (1, 2)");
  const b = sql.analyse("SELECT 1 FROM t WHERE k = 'y' AND n IN (3, 4, 5)");
  expect(a.fingerprint).toBe(b.fingerprint);
  expect(sql.analyse("SELECT 1 FROM u WHERE k = 'y'").fingerprint).not.toBe(a.fingerprint);
});

it("does not trust functions that may be the user's, nor several statements in one message", () => {
  expect(sql.analyse("SELECT lower(name), redeem(1) FROM t").calls).toEqual(["redeem"]);
  expect(sql.analyse("SELECT lower(name) FROM t").calls).toBeUndefined();
  for (const text of ["CALL redeem(1)", "DO $$ BEGIN END $$", "EXECUTE redeem(1)", "SELEKT 1"])
    expect(sql.analyse(text).opaque, text).toBe(true);
  expect(sql.analyse("LISTEN news").opaque).toBeUndefined();
  expect(sql.analyse("BEGIN; UPDATE t SET a = 1; COMMIT").statements).toBe(3);
});

it.each([
  ["SELECT count(*)::integer AS n, coalesce(sum(amount), 0) AS total FROM t WHERE owner = 1", true],
  ["SELECT owner, sum(amount) FROM t GROUP BY owner", undefined],
  ["SELECT max(balance) FROM t", undefined],
  ["SELECT balance FROM t ORDER BY id DESC LIMIT 1", undefined],
])("whether it sums up only: %s", (text, expected) => {
  expect(sql.analyse(text).sums).toBe(expected);
});
