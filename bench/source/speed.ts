/**
 * Speed and memory of `deadheat check`: `node --import tsx -C source bench/source/speed.ts FOLDER…`, after
 * `npm run build`. Each figure is that of a process of its own, which has run nothing before (cold), and is processor
 * time of all its threads, so that a busy machine changes it less. Parsing alone is printed beside it, as the floor.
 *
 * With one changed file: the folder is copied and checked once; then a statement is put into a function of one file,
 * and it is checked again; the median of nine files. Nothing is kept of the folders.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

const BUILT = new URL("../../packages/deadheat/dist/source/", import.meta.url).href;
const { checkSource } = await import(`${BUILT}check.js`);
const { loadGrammar } = await import(`${BUILT}parse/grammar.js`);
const { decodeSource } = await import(`${BUILT}parse/text.js`);
const { findSources } = await import(`${BUILT}project/files.js`);

interface Timed {
  readonly bytes: number;
  readonly files: number;
  readonly findings: number;
  /** Milliseconds of processor time: of the analysis, and of the whole process. */
  readonly analysis: number;
  readonly process: number;
  /** Of the clock. */
  readonly wall: number;
  /** Bytes, at the most. */
  readonly memory: number;
}

const [mode, folder, cache] = process.argv.slice(2);
if (mode === "--check" || mode === "--parse") {
  process.stdout.write(JSON.stringify(await timed(mode, folder as string, cache)));
} else {
  const folders = process.argv.slice(2);
  if (folders.length === 0) {
    process.stderr.write("usage: bench/source/speed.ts FOLDER…\n");
    process.exit(2);
  }
  process.stdout.write(
    "tree               files      MB  parse only   end to end     memory   one file changed\n",
  );
  for (const one of folders) process.stdout.write(`${await row(one)}\n`);
}

async function timed(what: string, root: string, kept: string | undefined): Promise<Timed> {
  // As the command does.
  setFlagsFromString("--interrupt-budget=1000000");
  const before = process.cpuUsage();
  const start = performance.now();
  const found =
    what === "--parse"
      ? await parseAll(root)
      : await checkSource(root, { now: () => performance.now(), ...(kept ? { cache: kept } : {}) });
  const own = process.cpuUsage(before);
  const whole = process.cpuUsage();
  return {
    bytes: found.bytes,
    files: typeof found.files === "number" ? found.files : 0,
    findings: found.findings.length,
    analysis: (own.user + own.system) / 1e3,
    process: (whole.user + whole.system) / 1e3,
    wall: performance.now() - start,
    memory: process.resourceUsage().maxRSS * 1024,
  };
}

async function parseAll(root: string) {
  const grammar = await loadGrammar();
  let bytes = 0;
  for (const file of await findSources(root)) {
    bytes += file.size;
    grammar.parser.parse(decodeSource(readFileSync(file.absolute)).text)?.delete();
  }
  return { bytes, files: 0, findings: [] };
}

function inProcess(...args: string[]): Timed {
  const self = fileURLToPath(import.meta.url);
  const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, self, ...args], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Timed;
}

async function row(root: string): Promise<string> {
  const parse = inProcess("--parse", root);
  const cold = inProcess("--check", root);
  const speed = ({ bytes, analysis }: Timed) => `${(bytes / 1e3 / analysis).toFixed(1)} MB/s`.padStart(11);
  const changed = await withOneFileChanged(root);
  return [
    basename(root).padEnd(18),
    String(cold.files).padStart(5),
    (cold.bytes / 1e6).toFixed(1).padStart(7),
    speed(parse),
    "",
    speed(cold),
    `${(cold.memory / 1e6).toFixed(0)} MB`.padStart(9),
    "",
    changed,
  ].join(" ");
}

async function withOneFileChanged(root: string): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), "deadheat-speed-"));
  const kept = mkdtempSync(join(tmpdir(), "deadheat-speed-cache-"));
  try {
    cpSync(root, copy, { recursive: true, filter: (path) => !/\.git$/.test(path) });
    inProcess("--check", copy, kept);
    const files: { readonly absolute: string; readonly size: number }[] = await findSources(copy);
    const large = files.filter((one) => one.size > 4000);
    const times: Timed[] = [];
    for (let at = 0; at < 9; at++) {
      const { absolute } = large[Math.floor(((at + 0.5) * large.length) / 9)] as { absolute: string };
      const text = readFileSync(absolute, "utf8");
      const edited = text.replace(/\n( {8})(\w+ = |return |self\.)/, "\n$1changed = True\n$1$2");
      writeFileSync(absolute, edited);
      times.push(inProcess("--check", copy, kept));
    }
    const middle = (of: (one: Timed) => number) =>
      times
        .map(of)
        .sort((a, b) => a - b)[4]!
        .toFixed(0);
    return `${middle((one) => one.analysis)} ms; the process ${middle((one) => one.process)} ms`;
  } finally {
    for (const one of [copy, kept]) rmSync(one, { recursive: true, force: true });
  }
}
