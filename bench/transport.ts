/**
 * How close together requests arrive, as a server sees it that stamps each when it is complete:
 *
 *   node --import tsx -C source bench/transport.ts [--bursts 40] [--endurance 10000] [--peer COMMAND]
 *
 * Needs Go (Debian: golang-go) for the server, net/http over TLS. Bursts of all kinds take turns, so that a slow moment of
 * the machine meets all of them. `--endurance N`: so many bursts more, and what is left of them in memory and descriptors.
 * `--peer COMMAND`: another tool, called as `COMMAND PORT CERTIFICATE BURST COUNT`
 * for each burst: it sends COUNT requests `POST /work` with the header `Burst: BURST`, together.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { machine } from "./oracle/machine.ts";

const run = promisify(execFile);
const here = fileURLToPath(new URL("./transport/", import.meta.url));
const { values } = parseArgs({
  options: {
    bursts: { type: "string", default: "40" },
    endurance: { type: "string", default: "0" },
    peer: { type: "string" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "deadheat-transport-"));
const program = join(folder, "server");
await run("go", ["build", "-o", program, join(here, "server", "main.go")], {
  env: { ...process.env, GOCACHE: join(folder, "cache"), GO111MODULE: "off" },
});
const server = spawn(program, [folder], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  const [port = "", certificate = ""] = line.split(" ");
  console.log(`transport\n${machine()}\n`);
  const { bursts, endurance, peer } = values;
  const script = ["--expose-gc", "--import", "tsx", "-C", "source", join(here, "measure.ts")];
  const args = [...script, port, certificate, bursts, endurance, ...(peer ? [peer] : [])];
  const measuring = spawn(process.execPath, args, {
    // Trusted from the start or not at all.
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    stdio: "inherit",
  });
  const [code] = (await once(measuring, "exit")) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
