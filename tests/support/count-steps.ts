/**
 * How many steps something takes on a document of one size and on one of twice that: `count-steps.ts WHAT COUNT`.
 * Steps are blocks of code that are entered, as V8 counts them for coverage; that is exact with --no-opt only.
 */
import { Session } from "node:inspector";
import { stringify } from "yaml";
import { analyse } from "../../packages/deadheat/src/spec/analyse.ts";
import { annotate } from "../../packages/deadheat/src/spec/annotate.ts";
import { type OpenApiDocument, parseOpenApi } from "../../packages/deadheat/src/spec/document/load.ts";
import { planDocument } from "../../packages/deadheat/src/spec/index.ts";
import { wideDocument } from "./wide-document.ts";

const TASKS: Readonly<Record<string, (document: OpenApiDocument) => unknown>> = {
  plan: analyse,
  annotate,
  scan: planDocument,
};
const [task = "", format, size] = process.argv.slice(2);
const run = TASKS[task];
if (!run) throw new Error(`${task}: one of ${Object.keys(TASKS).join(", ")}`);

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

function entered(): number {
  let count = 0;
  session.post("Profiler.takePreciseCoverage", (_error, { result }) => {
    for (const { url, functions } of result)
      if (/\/src\/(spec|plan)\/|node_modules\/yaml\//.test(url))
        for (const { ranges } of functions) for (const range of ranges) count += range.count;
  });
  return count;
}

const steps = [1, 2].map((times) => {
  const document = wideDocument(Number(size) * times);
  const text =
    format === "yaml" ? stringify(document, { aliasDuplicateObjects: false }) : JSON.stringify(document);
  const parsed = parseOpenApi("wide", text);
  entered();
  run(parsed);
  return entered();
});
console.log(JSON.stringify(steps));
