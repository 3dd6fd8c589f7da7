/**
 * How many trials the offset search needs to its first hit:
 *
 *   node --import tsx -C source bench/offset-search.ts [--runs 10] [--think 4]
 *
 * In simulation: a window of 1 ms somewhere in 70 ms, offsets blurred by 1 ms (normal). On labs/node with a real
 * PostgreSQL: a call under a token and the logout of that token; a hit is an effect that was absent after the logout was
 * acknowledged and there later. `--think MS` lies between the handler's check and its act; the logout and the read that
 * shows the absence have to fit into it, so that the window is narrower: 60 offsets evenly over the call say how wide.
 */
import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startLab } from "@deadheat/lab";
import { OffsetSearch } from "../packages/deadheat/src/race/scenarios/offset-search.ts";
import { resolveTarget } from "../packages/deadheat/src/race/target.ts";
import { http1 } from "../packages/deadheat/src/race/transport/http1.ts";
import { type Random, seededRandom } from "../packages/deadheat/src/random.ts";
import { machine, median, quantile } from "./oracle/machine.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10" }, think: { type: "string", default: "4" } },
});
const MOST = 60;
const WITHIN = 30;

console.log(`offset-search\n${machine()}, load ${loadavg()[0]?.toFixed(1)} at the start\n`);
simulate();
await live(Number(values.runs), Number(values.think));

function simulate(): void {
  const random = seededRandom(1);
  const first = Array.from({ length: 2000 }, () => simulated(random));
  const at = (share: number) => quantile(first, share);
  console.log(
    `simulated, window 1 ms in 70 ms, sigma 1 ms, 2000 runs: trials to the first hit: median ${median(first)}, ` +
      `p90 ${at(0.9)} (at most 15), p99 ${at(0.99)}`,
  );
}

function simulated(random: Random): number {
  const check = 69 * random.next();
  const search = new OffsetSearch(70);
  for (let index = 0; index < MOST; index++) {
    const offset = search.next(index);
    const at = offset + Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    if (at >= check && at < check + 1) return index + 1;
    search.saw(offset, at < check);
  }
  return MOST + 1;
}

interface Seen {
  readonly refused: boolean;
  readonly hit: boolean;
  readonly latencyMs: number;
}

async function live(runs: number, think: number): Promise<void> {
  const lab = await startLab({ think });
  try {
    const trial = await trialsOf(lab.url);
    const latencies: number[] = [];
    for (let index = 0; index < 10; index++) latencies.push((await trial(1000)).latencyMs);
    const reach = 1.1 * median(latencies);
    let hits = 0;
    for (let index = 0; index < MOST; index++) if ((await trial(((index + 0.5) / MOST) * reach)).hit) hits++;
    console.log(
      `\nlabs/node, ${think} ms between check and act: a call takes ${median(latencies).toFixed(1)} ms; of ${MOST} offsets ` +
        `evenly over ${reach.toFixed(1)} ms ${hits} hit: a window of about ${((hits / MOST) * reach).toFixed(1)} ms`,
    );
    const first: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { trials, search } = await searched(trial, reach);
      first.push(trials);
      const { fromMs = 0, toMs = 0, widthMs = 0 } = search.window() ?? {};
      const found = search.window()
        ? `window ${fromMs.toFixed(1)} to ${toMs.toFixed(1)} ms, at most ${widthMs.toFixed(1)} ms wide`
        : "none";
      console.log(`  run ${String(run + 1).padStart(2)}: first hit in trial ${trials}; ${found}`);
    }
    const within = first.filter((trials) => trials <= WITHIN).length;
    console.log(`within ${WITHIN} trials in ${within} of ${runs} runs (at least 9 of 10)`);
  } finally {
    await lab.stop();
  }
}

async function searched(trial: (offsetMs: number) => Promise<Seen>, reach: number) {
  const search = new OffsetSearch(reach);
  let trials = 0;
  for (let index = 0; index < MOST; index++) {
    const offset = search.next(index);
    const { refused, hit } = await trial(offset);
    search.saw(offset, refused, hit);
    if (hit && trials === 0) trials = index + 1;
    // A few more, for what it says of the window's end.
    if (trials > 0 && index + 1 >= trials + 5) break;
  }
  return { trials: trials || MOST + 1, search };
}

/** One trial: a fresh user with two tokens, a call under one, and so much later the logout of that one. */
async function trialsOf(url: string): Promise<(offsetMs: number) => Promise<Seen>> {
  const target = await resolveTarget(url, { allow: [] });
  const clock = { now: () => performance.now(), sleep: (ms: number) => sleep(ms) };
  const options = { clock, signal: new AbortController().signal, timeoutMs: 10_000 };
  setMaxListeners(0, options.signal);
  const json = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    return (
      await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })
    ).json() as Promise<{
      readonly access_token: string;
    }>;
  };
  const score = async (token: string) => {
    const answer = await fetch(`${url}/racy/profile`, { headers: { authorization: `Bearer ${token}` } });
    return ((await answer.json()) as { readonly score: number }).score;
  };
  return async (offsetMs) => {
    const user = { username: `u${randomUUID().slice(0, 8)}`, password: "Pw-of-nobody-1" };
    await json("/racy/users", user);
    const [actor, reader] = [await json("/racy/sessions", user), await json("/racy/sessions", user)];
    const headers = { authorization: `Bearer ${actor.access_token}`, "content-type": "application/json" };
    let early: Promise<number> | undefined;
    const { exchanges, release } = await http1.burst(
      target,
      [
        {
          request: { method: "POST", path: "/racy/profile/score", headers, body: '{"score":5}' },
          offsetMs: 0,
        },
        { request: { method: "POST", path: "/racy/logout", headers, body: "{}" }, offsetMs },
      ],
      {
        ...options,
        onAnswer: (index, { status = 0 }) => {
          if (index === 1 && status < 300) early = score(reader.access_token);
        },
      },
    );
    const [called] = exchanges;
    const before = await early;
    const after = await score(reader.access_token);
    return {
      refused: called?.status === 401,
      hit: before === 0 && after > 0,
      latencyMs: (called?.return ?? release) - release,
    };
  };
}
