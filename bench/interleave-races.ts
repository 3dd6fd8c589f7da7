/**
 * How often, and how soon, orders of SQL statements find the races of a lab, beside bursts at the same endpoints in the
 * same run:
 *
 *   node --import tsx -C source bench/interleave-races.ts
 *     [--lab node | tokens | resources | token | bearer | jwt | listings] [--half racy | right | both] [--rounds 20]
 *     [--only lost-update,…] [--operation "POST /path"] [--burst-rounds 20]
 *
 * Times count from the beginning of the exploration, with the captures of the requests alone, to the schedule that
 * shows the race. What a proof waits for afterwards is left out, and shortened. Bursts are in the first `--burst-rounds`.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { startPostgres } from "../labs/node/src/postgres/index.ts";
import { systemClock } from "../packages/deadheat/src/cli/clock.ts";
import { viewDatabase } from "../packages/deadheat/src/engine/database.ts";
import type { ScanOptions } from "../packages/deadheat/src/engine/options.ts";
import { scan } from "../packages/deadheat/src/engine/scan.ts";
import { type HalfName, LABS, type LabName, startSubject } from "./interleave/subject.ts";
import { Table } from "./interleave/table.ts";
import { machine } from "./oracle/machine.ts";

const { values } = parseArgs({
  options: {
    lab: { type: "string", default: "node" },
    rounds: { type: "string", default: "20" },
    half: { type: "string", default: "both" },
    only: { type: "string", default: "lost-update,limit-overrun,revocation-race" },
    operation: { type: "string" },
    "burst-rounds": { type: "string", default: "20" },
  },
});

if (!(LABS as readonly string[]).includes(values.lab))
  throw new Error(`--lab takes one of ${LABS.join(", ")}`);

const postgres = await startPostgres();
const database = await viewDatabase({ url: postgres.url, clock: systemClock });
const through = new URL(postgres.url);
through.port = String(database.port);
const lab = await startSubject(values.lab as LabName, values.half as HalfName, through.href);
const table = new Table();
try {
  for (let round = 1; round <= Number(values.rounds); round++) {
    await pass({ database, schedulesOnly: false, trials: 1 });
    if (round <= Number(values["burst-rounds"])) await pass({ trials: 60 });
    process.stderr.write(`\rround ${round}`);
  }
} finally {
  process.stderr.write("\n");
  console.log(
    `interleave-races, ${values.lab}${values.half === "both" ? "" : ` ${values.half}`}\n${machine()}\n\n${table.text()}`,
  );
  await lab.stop();
  await database.close();
  await postgres.stop();
}

/** One scan, all of its proofs noted. */
async function pass(options: Partial<ScanOptions>): Promise<void> {
  const all: ScanOptions = {
    document: lab.document,
    target: lab.url,
    authorization: { allow: [] },
    optIn: lab.optIn,
    seed: randomBytes(3).toString("hex"),
    nonce: randomBytes(5).toString("hex"),
    uuid: randomUUID,
    // The wait before a state is read again is no part of finding it.
    clock: { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(ms >= 2000 ? 60 : ms, signal) },
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    requestLimit: 200_000,
    trials: 60,
    timeLimitMs: 60_000,
    weaknesses: values.only.split(","),
    ...(values.operation === undefined ? {} : { operation: values.operation }),
    ...options,
  };
  for await (const event of scan(all))
    if (event.type === "ended") table.note(event.report, "database" in options);
}
