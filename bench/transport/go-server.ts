import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openNetwork } from "../../packages/deadheat/src/race/network.ts";
import type { Target } from "../../packages/deadheat/src/race/target.ts";

const run = promisify(execFile);
const source = fileURLToPath(new URL("./server/main.go", import.meta.url));

/** The server in Go that stamps each request when it is complete. */
export interface StampingServer {
  readonly host: string;
  /** TLS, HTTP/2 and HTTP/1.1. */
  readonly port: number;
  /** HTTP/1.1 in cleartext. */
  readonly plainPort: number;
  /** PEM, and the file that holds it. */
  readonly certificate: string;
  readonly certificateFile: string;
  /** When the requests of a burst were complete, ns; then they are forgotten. */
  stampsOf(burst: string): Promise<number[]>;
  stop(): void;
}

/** Builds and starts it; `within`: a command in front of it, as `ip netns exec NAME`. Needs Go (Debian: golang-go). */
export async function startStampingServer(
  options: { readonly host?: string; readonly within?: readonly string[] } = {},
): Promise<StampingServer> {
  const { host = "127.0.0.1", within = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), "deadheat-transport-"));
  const program = join(folder, "server");
  await run("go", ["build", "-o", program, source], {
    env: { ...process.env, GOCACHE: join(folder, "cache"), GO111MODULE: "off" },
  });
  const [command, ...args] = [...within, program, folder, host];
  const server = spawn(command as string, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  const [port = "", certificateFile = "", plainPort = ""] = line.split(" ");
  return {
    host,
    port: Number(port),
    plainPort: Number(plainPort),
    certificateFile,
    certificate: readFileSync(certificateFile, "utf8"),
    async stampsOf(burst) {
      const answer = await fetch(`http://${host}:${plainPort}/stamps?burst=${burst}`);
      return ((await answer.json()) as number[] | null) ?? [];
    },
    stop() {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A target of a server that shows this certificate. */
export async function targetAt(host: string, port: number, certificate: string): Promise<Target> {
  return {
    origin: `https://${host}:${port}`,
    secure: true,
    host: `${host}:${port}`,
    hostname: host,
    port,
    address: host,
    family: 4,
    network: await openNetwork({ ca: certificate }),
  };
}

/** From the first to the last arrival, ms. */
export function spreadOf(stamps: readonly number[]): number {
  return (Math.max(...stamps) - Math.min(...stamps)) / 1e6;
}
