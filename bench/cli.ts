import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What `deadheat --help` takes beyond Node.js itself, as it is published: `npm run build` first. In turn, so that a busy
 * moment hits all alike. Processor time is told beside the time on the clock: of a busy machine it says more.
 */
const RUNS = 30;
const executable = join(fileURLToPath(new URL("..", import.meta.url)), "packages/deadheat/bin/deadheat.js");
/** Each tells at its end what it took; the same for all. */
const METER =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write("cpu "+(user+system))})';
const subjects: readonly (readonly [string, readonly string[]])[] = [
  ["node, nothing", ["--input-type=module", "-e", ""]],
  ["deadheat --help", [executable, "--help"]],
  ["deadheat --version", [executable, "--version"]],
  ["deadheat scan --help", [executable, "scan", "--help"]],
];

interface Run {
  readonly clock: number;
  readonly cpu: number;
}

const runs = subjects.map(() => [] as Run[]);
for (let run = 0; run <= RUNS; run++)
  for (const [at, [name, args]] of subjects.entries()) {
    const taken = runOnce(name, args);
    // The first one reads files that the others find in memory.
    if (run > 0) runs[at]?.push(taken);
  }

function runOnce(name: string, args: readonly string[]): Run {
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", METER, ...args], {
    env: { ...process.env, DEADHEAT_BUILT: "1" },
    encoding: "utf8",
  });
  const clock = performance.now() - from;
  const [, micros] = /cpu (\d+)$/.exec(stderr) ?? [];
  if (status !== 0 || micros === undefined) throw new Error(`${name}: ${stderr}`);
  return { clock, cpu: Number(micros) / 1000 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const ms = (value: number) => `${value.toFixed(1)} ms`.padStart(9);
const bare = runs[0] ?? [];
console.log(
  `${cpus()[0]?.model ?? "?"}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}; Node ${process.versions.node}; ${RUNS} runs each, in turn`,
);
console.log(
  `${"".padEnd(22)} on the clock: median, least, beyond Node   processor: median, least, beyond Node`,
);
for (const [at, [name]] of subjects.entries()) {
  const taken = runs[at] ?? [];
  const columns = (["clock", "cpu"] as const).map((kind) => {
    const values = taken.map((one) => one[kind]);
    const beyond = median(values.map((one, run) => one - (bare[run]?.[kind] ?? 0)));
    return `${ms(median(values))} ${ms(Math.min(...values))} ${at === 0 ? "".padStart(11) : `+ ${ms(beyond)}`}`;
  });
  console.log(`${name.padEnd(22)} ${columns.join("       ")}`);
}
