/**
 * Which transport is chosen in front of proxies that take HTTP/2 and speak HTTP/1.1 to the API, and which one was the
 * tighter as the API saw it:
 *
 *   node --import tsx -C source bench/transport-choice.ts [--scans 10] [--bursts 30]
 *
 * nginx (Debian: nginx-light) before a server in Go (golang-go) that stamps each request when it is complete. Each scan
 * chooses as `deadheat scan` does, by what it sees itself; then bursts of 20 go over both transports in turn, and the
 * API's stamps say which one was the tighter. Within 10 % of each other neither is.
 */
import { setMaxListeners } from "node:events";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Target } from "../packages/deadheat/src/race/target.ts";
import {
  probeTransports,
  type Transport,
  transports,
} from "../packages/deadheat/src/race/transport/index.ts";
import { Certificates } from "../tests/support/certificate.ts";
import { startNginx } from "../tests/support/nginx.ts";
import { machine, median } from "./oracle/machine.ts";
import { spreadOf, startStampingServer, targetAt } from "./transport/go-server.ts";
import { startOneByOne } from "./transport/one-by-one.ts";

const { values } = parseArgs({
  options: { scans: { type: "string", default: "10" }, bursts: { type: "string", default: "30" } },
});
const SCANS = Number(values.scans);
const BURSTS = Number(values.bursts);
const TIE = 1.1;

const PROXIES: Readonly<
  Record<string, Omit<Parameters<typeof startNginx>[0], "certificate" | "key" | "upstream">>
> = {
  "nginx, one worker": {},
  "nginx, two workers": { workers: 2 },
  "nginx, one worker, connections kept to the API": { pool: "keepalive 64;" },
  "nginx, two workers, connections kept to the API": { workers: 2, pool: "keepalive 64;" },
  "nginx, two requests a connection at once": { server: "http2_max_concurrent_streams 2;", workers: 2 },
  "nginx, request bodies not collected": { location: "proxy_request_buffering off;" },
};
/** Takes the requests of one HTTP/2 connection one after the other: there HTTP/2 loses what it is for. */
const ONE_BY_ONE = "a proxy in Node.js, a connection's requests one by one";

const options = {
  clock: { now: () => performance.now(), sleep: (ms: number) => sleep(ms) },
  signal: new AbortController().signal,
  timeoutMs: 10_000,
};

setMaxListeners(0, options.signal);
const certificates = new Certificates();
const { certificate, certificateFile, keyFile } = certificates.make("IP:127.0.0.1");
const server = await startStampingServer();
try {
  console.log(`transport-choice\n${machine()}, load ${loadavg()[0]?.toFixed(1)} at the start\n`);
  let right = 0;
  let all = 0;
  const pair = { certificate: certificateFile, key: keyFile };
  const upstream = `127.0.0.1:${server.plainPort}`;
  const starting = Object.entries(PROXIES).map(
    ([name, settings]) => [name, () => startNginx({ ...pair, upstream, ...settings })] as const,
  );
  const oneByOne = () => startOneByOne({ ...pair, upstreamPort: server.plainPort });
  for (const [name, start] of [...starting, [ONE_BY_ONE, oneByOne] as const]) {
    const proxy = await start();
    try {
      const counts = await scans(await targetAt("127.0.0.1", proxy.port, certificate));
      right += counts.right;
      all += SCANS;
      const { two, one, ties, chosen } = counts;
      console.log(
        `${name.padEnd(54)} as the API saw it: HTTP/2 ${two.toFixed(2)} ms, HTTP/1.1 ${one.toFixed(2)} ms; ` +
          `chosen: ${chosen}; the tighter in ${counts.right} of ${SCANS} scans (${ties} within 10 %)`,
      );
    } finally {
      await proxy.stop();
    }
  }
  console.log(`\nthe tighter of the two in ${right} of ${all} scans (at least 9 of 10)`);
} finally {
  server.stop();
  certificates.remove();
}

async function scans(target: Target) {
  const medians: { two: number[]; one: number[] } = { two: [], one: [] };
  const chosen = new Map<string, number>();
  let right = 0;
  let ties = 0;
  for (let scan = 0; scan < SCANS; scan++) {
    const { spoken } = await probeTransports(transports, target, {
      ...options,
      request: { method: "GET", path: "/work", headers: { burst: "probe", accept: "application/json" } },
      rounds: 11,
      admit: async () => {},
      onBurst: () => {},
    });
    await server.stampsOf("probe");
    const used = spoken[0]?.name ?? "";
    chosen.set(used, (chosen.get(used) ?? 0) + 1);
    const [two, one] = await arrivals(target);
    medians.two.push(two);
    medians.one.push(one);
    const tie = Math.max(two, one) <= TIE * Math.min(two, one);
    if (tie) ties++;
    if (tie || (used === "http2") === two < one) right++;
  }
  const spoken = [...chosen].map(([name, count]) => `${name} ${count} ×`).join(", ");
  return { two: median(medians.two), one: median(medians.one), right, ties, chosen: spoken };
}

/** Median spreads as the API stamped them, bursts over both in turn. */
async function arrivals(target: Target): Promise<[number, number]> {
  const spreads = transports.map((): number[] => []);
  for (let burst = 0; burst < BURSTS; burst++)
    for (const [index, transport] of transports.entries())
      spreads[index]?.push(await spreadOver(target, transport));
  const [two = [], one = []] = spreads;
  return [median(two), median(one)];
}

async function spreadOver(target: Target, transport: Transport): Promise<number> {
  const requests = Array.from({ length: 20 }, () => ({
    request: { method: "POST", path: "/work", headers: { burst: "truth" }, body: '{"amount":1}' },
    offsetMs: 0,
  }));
  await transport.burst(target, requests, options);
  return spreadOf(await server.stampsOf("truth"));
}
