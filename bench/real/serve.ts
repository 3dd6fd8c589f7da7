import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_WITHIN_MS = 60_000;

/** Puts the packages and the files of a subject into a folder; what is there already is not fetched again. */
export function install(folder: string, packages: readonly string[], files: string): void {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "installed"))) {
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const arguments_ = [
      "install",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--save-exact",
      ...packages,
    ];
    const { status, stderr } = spawnSync("npm", arguments_, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`npm install ${packages.join(" ")} failed:\n${stderr.slice(-1000)}`);
    writeFileSync(join(folder, "installed"), "");
  }
  cpSync(files, folder, { recursive: true });
}

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a subject's server on a free port; it ends with this process, whatever ends that. */
export async function serve(folder: string, databaseUrl: string): Promise<Served> {
  const port = await freePort();
  const child = spawn(process.execPath, ["server.mjs"], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: String(port), DATABASE_URL: databaseUrl, NODE_ENV: "production" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  await ready(child);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode !== null) return;
      const closed = once(child, "close");
      child.stdin?.end();
      await closed;
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const late = setTimeout(() => {
      child.kill();
      reject(new Error(`the server was not ready within ${READY_WITHIN_MS / 1000} s`));
    }, READY_WITHIN_MS);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => said.push(text));
    if (child.stdout)
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line === "ready") resolve();
        else said.push(line);
      });
    child.once("close", () => reject(new Error(`the server ended: ${said.join("\n").slice(-1000)}`)));
    child.once("close", () => clearTimeout(late));
    child.stdout?.once("data", () => clearTimeout(late));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
