/** The measuring half of bench/transport.ts, in a process of its own. */
import { execFile } from "node:child_process";
import { getEventListeners, setMaxListeners } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { http1 } from "../../packages/deadheat/src/race/transport/http1.ts";
import { http2 } from "../../packages/deadheat/src/race/transport/http2.ts";
import type { Burst, Transport } from "../../packages/deadheat/src/race/transport/index.ts";
import { seededRandom } from "../../packages/deadheat/src/random.ts";
import { median, quantile } from "../oracle/machine.ts";
import { spreadOf, targetAt } from "./go-server.ts";
import { segmentsTo } from "./segments.ts";

interface Given {
  readonly host: string;
  readonly port: number;
  readonly plainPort: number;
  readonly certificateFile: string;
  readonly bursts: string;
  readonly endurance: string;
  readonly peer?: string;
  /** Over a path on which bursts take long. */
  readonly jitter?: string;
}

const given = JSON.parse(process.argv[2] ?? "{}") as Given;
const { host, port, plainPort, certificateFile, peer, jitter } = given;
const target = await targetAt(host, port, readFileSync(certificateFile, "utf8"));
const run = promisify(execFile);
const { signal } = new AbortController();
setMaxListeners(0, signal);
/** What is withheld in one record where it is more than an end (RFC 8446 §5.1 allows 16 KiB), bytes. */
const LARGE = 600;

/** A PING in a TLS record of its own, bytes. */
const PING_BYTES = 17 + 22;

interface Way {
  readonly name: string;
  readonly count: number;
  send(burst: string): Promise<unknown>;
  /** ms, one a burst. */
  readonly spreads: number[];
}

function ours(
  transport: Transport,
  count: number,
  body = 16,
  header = 0,
): Way & { send(burst: string): Promise<Burst> } {
  const kind =
    header > 0 ? `, ${(count * header) / 1000} KB withheld` : body > 1000 ? `, ${body / 1000} KB each` : "";
  // Without a body the whole request is withheld: its headers are the 12 KB.
  const request = (burst: string) =>
    header > 0
      ? { method: "GET", path: "/work", headers: { burst, "x-long": "x".repeat(header - 60) } }
      : { method: "POST", path: "/work", headers: { burst }, body: "x".repeat(body) };
  return {
    name: `deadheat ${transport.name}${kind}`,
    count,
    spreads: [],
    send: (burst) =>
      transport.burst(
        target,
        Array.from({ length: count }, () => ({ request: request(burst), offsetMs: 0 })),
        { clock: { now: () => performance.now(), sleep: (ms) => sleep(ms) }, signal, timeoutMs: 10_000 },
      ),
  };
}

function theirs(command: string, count: number): Way {
  return {
    name: `peer ${basename(command, ".sh")}`,
    count,
    spreads: [],
    send: (burst) => run(command, [String(port), certificateFile, burst, String(count)]),
  };
}

const [two, one, hundred, withheld] = [
  ours(http2, 20),
  ours(http1, 20),
  ours(http2, 100),
  ours(http2, 20, 0, LARGE),
];
const ways: Way[] = jitter
  ? [two, one, withheld]
  : [
      ...[two, one, hundred, ours(http1, 100), withheld, ours(http2, 20, 12_000)],
      ...(peer ? [theirs(peer, 20), theirs(peer, 100)] : []),
    ];

/** How the medians stand to each other, and within what 95 % of resamples of the bursts have it (Efron, 1979). */
function beside(mine: Way, other: Way): string {
  const random = seededRandom(1);
  const again = ({ spreads }: Way) => {
    const drawn = spreads.map(() => spreads[random.integer(0, spreads.length - 1)] as number);
    return median(drawn);
  };
  const ratios = Array.from({ length: 2000 }, () => again(mine) / again(other));
  const [low, high] = [quantile(ratios, 0.025), quantile(ratios, 0.975)].map((one) => one.toFixed(2));
  return `${mine.name}, ${mine.count} requests: ${(at(mine) / at(other)).toFixed(2)} × the spread of ${other.name} (${low} to ${high})`;
}

async function stampsOf(burst: string): Promise<number[]> {
  const answer = await fetch(`http://${host}:${plainPort}/stamps?burst=${burst}`);
  return ((await answer.json()) as number[] | null) ?? [];
}

for (let round = -2; round < Number(given.bursts); round++)
  for (const [index, way] of ways.entries()) {
    const burst = `b${round + 2}-${index}`;
    await way.send(burst);
    const stamps = await stampsOf(burst);
    if (stamps.length !== way.count) throw new Error(`${way.name}: ${stamps.length} of ${way.count} arrived`);
    // The first two warm up what there is to warm up.
    if (round >= 0) way.spreads.push(spreadOf(stamps));
  }

const ms = (value: number) => `${value.toFixed(3)} ms`.padStart(10);
for (const { name, count, spreads } of ways)
  console.log(
    `${name.padEnd(30)} ${String(count).padStart(3)} requests  arrival spread: median ${ms(median(spreads))}  ` +
      `p10 ${ms(quantile(spreads, 0.1))}  p90 ${ms(quantile(spreads, 0.9))}`,
  );
const at = ({ spreads }: Way) => median(spreads);
const ratio = (a: Way, b: Way) => (at(a) / at(b)).toFixed(1);
if (jitter)
  console.log(
    `\nHTTP/2, 20 requests: ${ms(at(two)).trim()} (at most 1 ms), ${ratio(one, two)} × tighter than HTTP/1.1 (at least 15); ` +
      `12 KB withheld in one record: ${ratio(withheld, two)} × the spread of one segment (at most 1.5)`,
  );
else {
  if (!peer) console.log("peer not run");
  for (const [mine, other] of [
    [two, ways.at(-2)],
    [hundred, ways.at(-1)],
  ] as const)
    if (peer && other) console.log(beside(mine, other));
  console.log(
    `\nHTTP/2, 20 requests: ${ms(at(two)).trim()} (at most 0.6 ms), ${ratio(one, two)} × tighter than HTTP/1.1 (at least 2); ` +
      `100 requests: ${ms(at(hundred)).trim()} (at most 3 ms); ` +
      `12 KB withheld in one record: ${ratio(withheld, two)} × the spread of one segment (at most 1.5)`,
  );
  console.log(await closingSegments());
}
if (Number(given.endurance) > 0) await endure(Number(given.endurance));

/** What leaves from the release on, before anything is answered. */
async function closingSegments(): Promise<string> {
  const what = "closing frames of 100 requests over HTTP/2";
  let burst: Burst | undefined;
  const segments = await segmentsTo(port, async () => {
    burst = (await hundred.send("segments")) as Burst;
    await stampsOf("segments");
  });
  if (!segments || !burst) return `${what}: not run, tcpdump is not here or may not listen`;
  const released = performance.timeOrigin + burst.release;
  // Acknowledgements of what is answered follow: the first segment is the release, the bytes say whether it is whole.
  const after = segments.filter((one) => one.at >= released - 0.5).map(({ bytes }) => bytes);
  const [first = 0, second = 0] = after;
  // A large burst has a PING of its own before it (docs/decisions/0014).
  const closing = first === PING_BYTES ? second : first;
  const whole = closing >= 100 * 10;
  return `${what}: ${whole ? "one TCP segment" : "more than one TCP segment"} of ${closing} bytes (100 frames of 10 bytes and a TLS record's own)`;
}

/** Many bursts in one process: at ten moments, what it holds. */
async function endure(count: number): Promise<void> {
  const both = [ours(http2, 4), ours(http1, 4)];
  const seen: string[] = [];
  for (let index = 0; index < count; index++) {
    await both[index % 2]?.send("endurance");
    if ((index + 1) % (count / 10) > 0) continue;
    await stampsOf("endurance");
    globalThis.gc?.();
    const heap = (process.memoryUsage().heapUsed / 1e6).toFixed(1);
    // A burst listens to the run's signal; a library may listen to the process.
    const listeners =
      getEventListeners(signal, "abort").length +
      process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
    seen.push(`${heap} MB, ${readdirSync("/proc/self/fd").length} descriptors, ${listeners} listeners`);
  }
  console.log(
    `\n${count} bursts of 4, HTTP/2 and HTTP/1.1 in turn; after each tenth:\n  ${seen.join("\n  ")}`,
  );
}
