/** The measuring half of bench/transport.ts, in a process that trusts the server's certificate. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Target } from "../../packages/deadheat/src/race/target.ts";
import { http1 } from "../../packages/deadheat/src/race/transport/http1.ts";
import { http2 } from "../../packages/deadheat/src/race/transport/http2.ts";
import type { Transport } from "../../packages/deadheat/src/race/transport/index.ts";
import { median, quantile } from "../oracle/machine.ts";

const [port = "", certificate = "", bursts = "40", endurance = "0", peer] = process.argv.slice(2);
const host = `127.0.0.1:${port}`;
const target: Target = {
  origin: `https://${host}`,
  secure: true,
  host,
  hostname: "127.0.0.1",
  port: Number(port),
  address: "127.0.0.1",
  family: 4,
};
const run = promisify(execFile);

interface Way {
  readonly name: string;
  readonly count: number;
  send(burst: string): Promise<unknown>;
  /** ms, one a burst. */
  readonly spreads: number[];
}

function ours(transport: Transport, count: number, bytes = 16): Way {
  return {
    name: `deadheat ${transport.name}${bytes > 1000 ? `, ${bytes / 1000} KB each` : ""}`,
    count,
    spreads: [],
    send: (burst) =>
      transport.burst(
        target,
        Array.from({ length: count }, () => ({
          request: { method: "POST", path: "/work", headers: { burst }, body: "x".repeat(bytes) },
          offsetMs: 0,
        })),
        {
          clock: { now: () => performance.now(), sleep: (ms) => sleep(ms) },
          signal: new AbortController().signal,
          timeoutMs: 10_000,
        },
      ),
  };
}

function theirs(command: string, count: number): Way {
  return {
    name: `peer ${basename(command, ".sh")}`,
    count,
    spreads: [],
    send: (burst) => run(command, [port, certificate, burst, String(count)]),
  };
}

const ways = [
  ours(http2, 20),
  ours(http1, 20),
  ours(http2, 100),
  ours(http1, 100),
  ours(http2, 20, 12_000),
  ...(peer ? [theirs(peer, 20), theirs(peer, 100)] : []),
];

async function stampsOf(burst: string): Promise<number[]> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${target.origin}/stamps?burst=${burst}`, { agent: false }, resolve).once("error", reject);
  });
  return JSON.parse(await text(answer)) ?? [];
}

for (let round = -2; round < Number(bursts); round++)
  for (const [index, way] of ways.entries()) {
    const burst = `b${round + 2}-${index}`;
    await way.send(burst);
    const stamps = await stampsOf(burst);
    if (stamps.length !== way.count) throw new Error(`${way.name}: ${stamps.length} of ${way.count} arrived`);
    // The first two warm up what there is to warm up.
    if (round >= 0) way.spreads.push((Math.max(...stamps) - Math.min(...stamps)) / 1e6);
  }

const ms = (value: number) => `${value.toFixed(3)} ms`.padStart(10);
for (const { name, count, spreads } of ways)
  console.log(
    `${name.padEnd(28)} ${String(count).padStart(3)} requests  arrival spread: median ${ms(median(spreads))}  ` +
      `p10 ${ms(quantile(spreads, 0.1))}  p90 ${ms(quantile(spreads, 0.9))}`,
  );
if (!peer) console.log("peer not run");
const [two, one, hundred] = ways.map(({ spreads }) => median(spreads)) as [number, number, number];
console.log(
  `\nHTTP/2, 20 requests: ${ms(two).trim()} (at most 0.6 ms), ${(one / two).toFixed(1)} × tighter than HTTP/1.1 ` +
    `(at least 2); 100 requests: ${ms(hundred).trim()} (at most 3 ms)`,
);

if (Number(endurance) > 0) await endure(Number(endurance));

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
    seen.push(`${heap} MB, ${readdirSync("/proc/self/fd").length} descriptors`);
  }
  console.log(
    `\n${count} bursts of 4, HTTP/2 and HTTP/1.1 in turn; after each tenth:\n  ${seen.join("\n  ")}`,
  );
}
