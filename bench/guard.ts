/**
 * What the guard costs, and how long a revocation waits, beside the patterns that it replaces, on one PostgreSQL server
 * and in one run:
 *
 *   npm run bench:guard -- [--seconds 2] [--rounds 5] [--revocations 5]
 *
 * Patterns take turns in each round, so that a slow moment of the machine meets all of them. The guard runs as it is
 * installed, built; pg pipelines where it is told to (`pipeline: true`), for all patterns alike.
 */

import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startPostgres } from "@deadheat/lab/postgres";
import pg from "pg";
import {
  guarded,
  ownTransaction,
  type Pattern,
  rowLock,
  TABLES,
  tokens,
  unguarded,
} from "./guard/patterns.ts";
import { machine, median, ms, quantile, report } from "./oracle/machine.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "5" },
    revocations: { type: "string", default: "5" },
  },
});
const [seconds, rounds, revocations] = [values.seconds, values.rounds, values.revocations].map(Number) as [
  number,
  number,
  number,
];
const CLIENTS = 16;
const FLOOD = 64;
/** A revocation that waits longer is not waited for. */
const PATIENCE_MS = 10_000;

const postgres = await startPostgres({ maxConnections: 120 });
const pool = new pg.Pool({ connectionString: postgres.url, max: 80, pipeline: true } as pg.PoolConfig);
pool.on("error", () => {});
const issue = async () => (await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 3600 })).token;
const several = (count: number, make: () => Promise<string>) =>
  Promise.all(Array.from({ length: count }, make));

/** Acts per second, each client with the next token. */
async function throughput({ act }: Pattern, all: readonly string[], handlerMs: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let acts = 0;
  const client = async (token: string) => {
    while (performance.now() < end) if (await act(token, handlerMs)) acts++;
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(all[index % all.length] as string)));
  return acts / seconds;
}

/** How long a revocation takes among 64 clients that do not stop, and what one of their calls takes. */
async function revocation({ act, revoke }: Pattern, handlerMs: number) {
  const token = await issue();
  const [calls, handlers, end] = [[] as number[], [] as number[], performance.now() + PATIENCE_MS];
  const flood = Array.from({ length: FLOOD }, async () => {
    for (let good = true; good && performance.now() < end; ) {
      const start = performance.now();
      good = await act(token, handlerMs, (ran) => handlers.push(ran));
      if (good) calls.push(performance.now() - start);
    }
  });
  await sleep(500);
  const start = performance.now();
  await revoke(token);
  const took = performance.now() - start;
  await Promise.all(flood);
  return { took, call: median(calls), handler: median(handlers) };
}

async function floods(handlerMs: number): Promise<void> {
  const patterns = [guarded(pool), rowLock(pool, "SHARE")];
  const all = patterns.map(() => [] as { took: number; call: number; handler: number }[]);
  for (let time = 0; time < revocations; time++)
    for (const [index, pattern] of patterns.entries()) all[index]?.push(await revocation(pattern, handlerMs));
  for (const [index, { name }] of patterns.entries()) {
    const took = all[index]?.map((one) => one.took) ?? [];
    const call = median(all[index]?.map((one) => one.call) ?? []);
    const handler = median(all[index]?.map((one) => one.handler) ?? []);
    const shares = `× ${(median(took) / handler).toFixed(2)} of the handler, × ${(median(took) / call).toFixed(2)} of a call`;
    // One that comes when the flood has ended would not have come.
    const said =
      median(took) > PATIENCE_MS - 1_000
        ? "when the flood had ended"
        : `${shares}; worst ${ms(quantile(took, 1))}`;
    const takes = `its handler takes ${ms(handler)}, the call ${ms(call)}`;
    report(`handler ${handlerMs} ms, ${name}: ${takes}`, ms(median(took)), said);
  }
}

async function rates(handlerMs: number): Promise<void> {
  const guard = guarded(pool);
  const [shared, own] = [[await issue()], await several(CLIENTS, issue)];
  const rows = [
    { what: "one token: row lock FOR UPDATE", pattern: rowLock(pool, "UPDATE"), all: shared },
    { what: "one token: guard", pattern: guard, all: shared },
    { what: `${CLIENTS} tokens: no guard, two statements in all`, pattern: unguarded(pool), all: own },
    { what: `${CLIENTS} tokens: no guard, a transaction`, pattern: ownTransaction(pool), all: own },
    { what: `${CLIENTS} tokens: guard`, pattern: guard, all: own },
  ].map((row) => ({ ...row, rates: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const row of rows) row.rates.push(await throughput(row.pattern, row.all, handlerMs));
  const [update, one, none, transaction, many] = rows as unknown as [Row, Row, Row, Row, Row];
  const ratio = (row: Row, other: Row) =>
    `× ${median(row.rates.map((rate, round) => rate / (other.rates[round] ?? Number.NaN))).toFixed(2)}`;
  const said = new Map<Row, string>([
    [one, `${ratio(one, update)} of FOR UPDATE (at least 3)`],
    [
      many,
      `${ratio(many, none)} of no guard (at least 0.8), ${ratio(many, transaction)} of no guard in a transaction`,
    ],
  ]);
  for (const row of rows)
    report(`handler ${handlerMs} ms, ${row.what}`, `${median(row.rates).toFixed(0)}/s`, said.get(row) ?? "");
}

interface Row {
  readonly what: string;
  readonly rates: readonly number[];
}

try {
  await pool.query(TABLES);
  // All connections are open before anything is measured.
  await Promise.all(Array.from({ length: 80 }, () => pool.query("SELECT pg_sleep(0.2)")));
  console.log(`guard\n${machine()}, PostgreSQL ${postgres.version}, load ${loadavg()[0]?.toFixed(1)}\n`);
  console.log(
    `a revocation among ${FLOOD} clients that use the token, median of ${revocations}; wanted: at most × 2 of the handler as it ran`,
  );
  for (const handlerMs of [5, 50, 200]) await floods(handlerMs);
  console.log(`\n${CLIENTS} clients, acts per second, median of ${rounds} rounds of ${seconds} s`);
  for (const handlerMs of [5, 10, 20, 50]) await rates(handlerMs);
} finally {
  await pool.end();
  await postgres.stop();
}
