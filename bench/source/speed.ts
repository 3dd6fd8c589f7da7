/**
 * Speed and memory: `node --import tsx -C source bench/source/speed.ts FOLDER`. Processor time of this process, so that
 * a busy machine does not change it; parsing alone is printed beside it, as the floor.
 */
import { readFileSync } from "node:fs";
import { checkSource } from "../../packages/deadheat/src/source/check.ts";
import { loadGrammar } from "../../packages/deadheat/src/source/parse/grammar.ts";
import { decodeSource } from "../../packages/deadheat/src/source/parse/text.ts";
import { findSources } from "../../packages/deadheat/src/source/project/files.ts";
import { isRelevant } from "../../packages/deadheat/src/source/project/relevance.ts";

const folder = process.argv[2];
if (!folder) {
  process.stderr.write("usage: bench/source/speed.ts FOLDER\n");
  process.exit(2);
}
const grammar = await loadGrammar();
const files = await findSources(folder);
const bytes = files.reduce((sum, one) => sum + one.size, 0);

async function seconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const texts = files.map((one) => ({ path: one.path, text: decodeSource(readFileSync(one.absolute)).text }));
const relevant = texts.filter((one) => isRelevant(one.text, one.path));
const parse = await seconds(() => {
  for (const { text } of texts) grammar.parser.parse(text)?.delete();
});
let findings = 0;
const check = await seconds(async () => {
  findings = (await checkSource(folder, { now: () => performance.now() })).findings.length;
});
const speed = (time: number) => `${(bytes / 1e6 / time).toFixed(1)} MB/s`.padStart(10);
process.stdout.write(
  [
    `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB; ${relevant.length} relevant; ${findings} findings`,
    `parse only   ${speed(parse)}`,
    `end to end   ${speed(check)}`,
    `memory       ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB at the end`,
    "",
  ].join("\n"),
);
