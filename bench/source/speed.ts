/**
 * Speed and memory of `deadheat check`, as it is published: `node --import tsx -C source bench/source/speed.ts FOLDER…`,
 * after `npm run build`. Each figure is that of the whole command, node's own start included, which has run nothing before
 * (cold), and is processor time of all its threads, so that a busy machine changes it less. Parsing alone is printed
 * beside it, as the floor. Of each two runs the one that took less time counts: a neighbour only ever adds.
 * MB are those of the files that are analysed; the last two columns count all Python of the folder, whose tests and
 * migrations are found and left out.
 *
 * With one changed file: the folder is copied and checked once; then a statement is put into a function of one file,
 * and it is checked again; the median of nine files. Nothing is kept of the folders.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const { findSources } = await import(
  new URL("../../packages/deadheat/dist/source/project/files.js", import.meta.url).href
);

interface Timed {
  readonly bytes: number;
  readonly files: number;
  /** Milliseconds of the processor. */
  readonly processor: number;
  /** Bytes, at the most. */
  readonly memory: number;
}

const command = fileURLToPath(new URL("../../packages/deadheat/bin/deadheat.js", import.meta.url));
const parseAlone = fileURLToPath(new URL("parse-alone.js", import.meta.url));
/** Each process tells at its end what it took. */
const METER = `data:text/javascript,${[
  "const took=()=>{const{user,system}=process.cpuUsage();return (user+system)/1e3}",
  'process.on("exit",()=>process.stderr.write("took "+took()+" "+process.resourceUsage().maxRSS*1024))',
].join(";")}`;

/** Of a function: what stands in a class counts as outside of functions, and has all analysed again. */
const FIRST_STATEMENT = /^( *)(?:async )?def \w+\([^\n]*\)(?: -> [^\n]*)?:\n\1 {4}(?=\w)/m;

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write("usage: bench/source/speed.ts FOLDER…\n");
  process.exit(2);
}
process.stdout.write(
  "tree               files      MB  parse only   end to end   memory   one file changed   load   all .py   end to end\n",
);
for (const one of folders) process.stdout.write(`${await row(resolve(one))}\n`);

/** What is checked, and the cache in `cwd`, where one is given. */
function check(folder: string, cwd?: string): Timed {
  const args = [command, "check", folder, "--format", "json", ...(cwd ? [] : ["--no-cache"])];
  return run(args, cwd ?? tmpdir());
}

function run(args: readonly string[], cwd: string): Timed {
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", METER, ...args], {
    cwd,
    env: { ...process.env, DEADHEAT_BUILT: "1" },
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  const [, processor, memory] = /took (\S+) (\d+)$/.exec(stderr) ?? [];
  if (stdout === "" || memory === undefined) throw new Error(stderr);
  const { bytes, files } = JSON.parse(stdout) as { readonly bytes: number; readonly files: number };
  return { bytes, files, processor: Number(processor), memory: Number(memory) };
}

function better(measure: () => Timed): Timed {
  const [one, other] = [measure(), measure()];
  return one.processor <= other.processor ? one : other;
}

async function row(root: string): Promise<string> {
  const parse = better(() => run([parseAlone, root], tmpdir()));
  const cold = better(() => check(root));
  const speed = ({ bytes, processor }: Timed) => `${(bytes / 1e3 / processor).toFixed(1)} MB/s`.padStart(11);
  const changed = await withOneFileChanged(root);
  const all = pythonBytes(root);
  return [
    basename(root).padEnd(18),
    String(cold.files).padStart(5),
    (cold.bytes / 1e6).toFixed(1).padStart(7),
    speed(parse),
    "",
    speed(cold),
    `${(cold.memory / 1e6).toFixed(0)} MB`.padStart(8),
    `${changed.toFixed(0)} ms`.padStart(18),
    (loadavg()[0] as number).toFixed(1).padStart(6),
    `${(all / 1e6).toFixed(1)} MB`.padStart(9),
    speed({ ...cold, bytes: all }).padStart(12),
  ].join(" ");
}

/** Of all `*.py` below a folder, tests and migrations among them, which a check leaves out. */
function pythonBytes(root: string): number {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && one.name.endsWith(".py"))
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
}

async function withOneFileChanged(root: string): Promise<number> {
  const copy = mkdtempSync(join(tmpdir(), "deadheat-speed-"));
  const kept = mkdtempSync(join(tmpdir(), "deadheat-speed-cache-"));
  try {
    cpSync(root, copy, { recursive: true, filter: (path) => !/\.git$/.test(path) });
    check(copy, kept);
    const files: { readonly absolute: string; readonly size: number }[] = await findSources(copy);
    const large = files.filter(
      (one) => one.size > 4000 && FIRST_STATEMENT.test(readFileSync(one.absolute, "utf8")),
    );
    const times: number[] = [];
    for (let at = 0; at < 9; at++) {
      const { absolute } = large[Math.floor(((at + 0.5) * large.length) / 9)] as { absolute: string };
      const text = readFileSync(absolute, "utf8");
      const edited = text.replace(FIRST_STATEMENT, "$&changed = True\n$1    ");
      writeFileSync(absolute, edited);
      times.push(check(copy, kept).processor);
    }
    return times.sort((a, b) => a - b)[4] as number;
  } finally {
    for (const one of [copy, kept]) rmSync(one, { recursive: true, force: true });
  }
}
