/**
 * How close together requests arrive, as a server sees it that stamps each when it is complete:
 *
 *   node --import tsx -C source bench/transport.ts [--bursts 40] [--endurance 10000] [--peer COMMAND] [--jitter PATH]
 *
 * Needs Go (Debian: golang-go) for the server, net/http over TLS. Bursts of all kinds take turns, so that a slow moment of
 * the machine meets all of them; ratios are of one run. Where tcpdump is and may be used, it counts the segments that the
 * closing frames of 100 requests leave in. `--endurance N`: so many bursts more, and what is left of them in memory and
 * descriptors. `--peer COMMAND`: another tool, called as `COMMAND PORT CERTIFICATE BURST COUNT` for each burst: it sends
 * COUNT requests `POST /work` with the header `Burst: BURST`, together. `--jitter PATH`: a command that joins two network
 * namespaces, jp-A and jp-B, by a path on which each packet is delayed by itself by 40 ± 8 ms (`PATH up`, `PATH down`);
 * that is harder on many connections than most real paths are.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "./oracle/machine.ts";
import { type StampingServer, startStampingServer } from "./transport/go-server.ts";

const { values } = parseArgs({
  options: {
    bursts: { type: "string", default: "40" },
    endurance: { type: "string", default: "0" },
    peer: { type: "string" },
    jitter: { type: "string" },
  },
});
const { bursts, endurance, peer, jitter } = values;

console.log(`transport\n${machine()}, load ${loadavg()[0]?.toFixed(1)} at the start\n`);
await measuring(await startStampingServer(), { bursts, endurance, ...(peer ? { peer } : {}) });
console.log(`\nover a path that delays each packet by 40 ± 8 ms, independently of the others:`);
if (jitter) await overJitter(jitter);
else console.log("not run");

async function overJitter(command: string): Promise<void> {
  await finished(command, ["up"], "ignore");
  try {
    const server = await startStampingServer({ host: "10.99.0.2", within: ["ip", "netns", "exec", "jp-B"] });
    await measuring(server, { bursts, endurance: "0", jitter: "yes" }, ["ip", "netns", "exec", "jp-A"]);
  } finally {
    await finished(command, ["down"], "ignore");
  }
}

/** In a process of its own, in another network where `within` says so. */
async function measuring(
  server: StampingServer,
  options: Readonly<Record<string, string>>,
  within: readonly string[] = [],
): Promise<void> {
  const { host, port, plainPort, certificateFile } = server;
  const script = fileURLToPath(new URL("./transport/measure.ts", import.meta.url));
  const given = JSON.stringify({ ...options, host, port, plainPort, certificateFile });
  const [command = process.execPath, ...args] = [
    ...within,
    process.execPath,
    ...["--expose-gc", "--import", "tsx", "-C", "source", script, given],
  ];
  try {
    await finished(command, args);
  } finally {
    server.stop();
  }
}

async function finished(
  command: string,
  args: readonly string[],
  output: "inherit" | "ignore" = "inherit",
): Promise<void> {
  const child = spawn(command, args, { stdio: ["ignore", output, "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}
