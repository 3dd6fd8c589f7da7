/**
 * How often, and how soon, orders of SQL statements find the races of a lab, beside bursts at the same endpoints in the
 * same run:
 *
 *   node --import tsx -C source bench/interleave-races.ts
 *     [--lab node | tokens | resources | token | bearer | jwt | listings] [--half racy | right | both] [--rounds 20]
 *     [--only lost-update,…] [--operation "POST /path"] [--burst-rounds 20] [--file FILE]
 *
 * Times count from the beginning of the exploration, with the captures of the requests alone, to the schedule that
 * shows the race. What a proof waits for afterwards is left out, and shortened. Bursts are in the first `--burst-rounds`.
 * What the first round of a racy half found clean is not raced again; of a right half, what no schedule could be tried on.
 * Each race is told on standard error when it is judged, the table on standard output at the end, or when it is broken off
 * (Ctrl-C, SIGTERM); with --file it is written anew after each round.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startPostgres } from "../labs/node/src/postgres/index.ts";
import { systemClock } from "../packages/deadheat/src/cli/clock.ts";
import { viewDatabase } from "../packages/deadheat/src/engine/database.ts";
import type { OnlyRace, ScanOptions } from "../packages/deadheat/src/engine/options.ts";
import { scan } from "../packages/deadheat/src/engine/scan.ts";
import { type HalfName, LABS, type LabName, startSubject } from "./interleave/subject.ts";
import { outcomeLine, Table } from "./interleave/table.ts";
import { machine } from "./oracle/machine.ts";

/** Those that are raced by two requests; what is measured in whole seconds has no schedules. */
const OF_PAIRS = [
  "lost-update",
  "limit-overrun",
  "revocation-race",
  "ownership-race",
  "demotion-race",
  "refresh-reuse",
  "single-use-code",
  "idempotency-race",
  "duplicate-create",
  "missing-transaction",
  "write-skew",
  "use-after-delete",
];

const { values } = parseArgs({
  options: {
    lab: { type: "string", default: "node" },
    rounds: { type: "string", default: "20" },
    half: { type: "string", default: "both" },
    only: { type: "string", default: OF_PAIRS.join() },
    operation: { type: "string" },
    "burst-rounds": { type: "string", default: "20" },
    file: { type: "string" },
  },
});

if (!(LABS as readonly string[]).includes(values.lab))
  throw new Error(`--lab takes one of ${LABS.join(", ")}`);

const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopped.abort());

const postgres = await startPostgres();
const database = await viewDatabase({ url: postgres.url, clock: systemClock });
const through = new URL(postgres.url);
through.port = String(database.port);
const lab = await startSubject(values.lab as LabName, values.half as HalfName, through.href);
const table = new Table();
let rounds = 0;
/** Raced in every round after the first. */
let these: readonly OnlyRace[] | undefined;
try {
  for (let round = 1; round <= Number(values.rounds); round++) {
    const started = performance.now();
    // Of what is right, every schedule is asked, and nothing else.
    await pass({ database, schedulesOnly: values.half === "right", trials: 1 });
    if (round <= Number(values["burst-rounds"])) await pass({ trials: 60 });
    these ??= table.worthRepeating(values.half === "racy");
    rounds = round;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stderr.write(`round ${round} of ${values.rounds}: ${seconds} s\n`);
    if (values.file !== undefined) writeFileSync(values.file, text());
  }
} catch (error) {
  if (!stopped.signal.aborted) throw error;
} finally {
  console.log(text());
  await lab.stop();
  await database.close();
  await postgres.stop();
}

function text(): string {
  const half = values.half === "both" ? "" : ` ${values.half}`;
  const ended = rounds < Number(values.rounds) ? `\nbroken off after round ${rounds}` : "";
  return `interleave-races, ${values.lab}${half}\n${machine()}${ended}\n\n${table.text()}\n`;
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
    signal: stopped.signal,
    timeoutMs: 10_000,
    requestLimit: 200_000,
    trials: 60,
    timeLimitMs: 60_000,
    weaknesses: values.only.split(","),
    ...(these ? { these } : {}),
    ...(values.operation === undefined ? {} : { operation: values.operation }),
    ...options,
  };
  const inView = "database" in options;
  for await (const event of scan(all)) {
    if (event.type === "race-ended" && event.outcome.status !== "not-applicable")
      process.stderr.write(`${inView ? "schedules" : "bursts   "} ${outcomeLine(event.outcome)}\n`);
    if (event.type === "ended") table.note(event.report, inView);
  }
}
