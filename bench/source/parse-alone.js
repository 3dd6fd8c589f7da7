/**
 * Tree-sitter alone over all of the Python under a folder, in a process of its own: `node bench/source/parse-alone.js
 * FOLDER`, after `npm run build`. `speed.ts` measures it.
 */
import { readFileSync } from "node:fs";

const BUILT = new URL("../../packages/deadheat/dist/source/", import.meta.url).href;
const { loadGrammar } = await import(`${BUILT}parse/grammar.js`);
const { decodeSource } = await import(`${BUILT}parse/text.js`);
const { findSources } = await import(`${BUILT}project/files.js`);

const { parser } = await loadGrammar();
const files = await findSources(process.argv[2]);
let bytes = 0;
for (const file of files) {
  bytes += file.size;
  parser.parse(decodeSource(readFileSync(file.absolute)).text)?.delete();
}
process.stdout.write(JSON.stringify({ bytes, files: files.length }));
