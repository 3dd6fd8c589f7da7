/**
 * One run of `speed.ts`, in a process of its own and without a loader for TypeScript, which would count as well:
 * `node bench/source/one-run.js --check|--parse FOLDER [CACHE]`, after `npm run build`. Prints what it took.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

const BUILT = new URL("../../packages/deadheat/dist/source/", import.meta.url).href;

const [mode, folder, cache] = process.argv.slice(2);
// As the command does.
setFlagsFromString("--interrupt-budget=1000000");
const start = performance.now();
const found = mode === "--parse" ? await parseAll() : await check();
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    bytes: found.bytes,
    files: found.files,
    processor: (user + system) / 1e3,
    wall: performance.now() - start,
    memory: process.resourceUsage().maxRSS * 1024,
  }),
);

async function check() {
  const { checkSource } = await import(`${BUILT}check.js`);
  return checkSource(folder, { now: () => performance.now(), ...(cache ? { cache } : {}) });
}

/** Tree-sitter alone, over all of the text. */
async function parseAll() {
  const { loadGrammar } = await import(`${BUILT}parse/grammar.js`);
  const { decodeSource } = await import(`${BUILT}parse/text.js`);
  const { findSources } = await import(`${BUILT}project/files.js`);
  const { parser } = await loadGrammar();
  let bytes = 0;
  const files = await findSources(folder);
  for (const file of files) {
    bytes += file.size;
    parser.parse(decodeSource(readFileSync(file.absolute)).text)?.delete();
  }
  return { bytes, files: files.length };
}
