import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BIN = new URL("../../bin/", import.meta.url);

export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The next line that it prints; rejects where it ends before. */
  line(): Promise<string>;
  /** All that it has printed, on both streams. */
  readonly said: () => string;
  readonly exit: Promise<{ code: number | null; signal: string | null }>;
}

/** The lab's executable, as a user runs it. */
export function runLab(args: readonly string[], options: SpawnOptions = {}): Program {
  return run([fileURLToPath(new URL("deadheat-lab.js", BIN)), ...args], options);
}

/** A process of its own that starts a server, says so in a line of JSON, and then does as told. */
export function runOwner(then: "wait" | "return", options: SpawnOptions = {}): Program {
  const script = `
    const { load } = await import(${JSON.stringify(new URL("load.js", BIN).href)});
    const { startPostgres } = await load("postgres/index");
    const { url, source } = await startPostgres();
    console.log(JSON.stringify({ url, source }));
    if (${then === "wait"}) setInterval(() => {}, 1000);`;
  return run(["--input-type=module", "-e", script], options);
}

function run(args: readonly string[], options: SpawnOptions): Program {
  const child = spawn(process.execPath, args, { stdio: "pipe", ...options });
  const exit = once(child, "close").then(([code, signal]) => ({ code, signal }));
  const lines: string[] = [];
  let taken = 0;
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      wake();
    });
  }
  const line = async (): Promise<string> => {
    if (taken < lines.length) return lines[taken++]!;
    const more = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const ended = await Promise.race([more, exit]);
    if (ended && taken >= lines.length)
      throw new Error(`it ended: ${JSON.stringify(ended)}: ${lines.join("\n")}`);
    return lines[taken++]!;
  };
  return { child, pid: child.pid!, line, said: () => lines.join("\n"), exit };
}
