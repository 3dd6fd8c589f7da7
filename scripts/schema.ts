import { mkdirSync, writeFileSync } from "node:fs";
import { configJsonSchema } from "../packages/deadheat/src/config/index.ts";
import { raceJsonSchema } from "../packages/deadheat/src/config/race/index.ts";
import { baselineJsonSchema } from "../packages/deadheat/src/findings/baseline.ts";
import { comparisonJsonSchema } from "../packages/deadheat/src/findings/compare.ts";
import { proveJsonSchema } from "../packages/deadheat/src/findings/prove-report.ts";
import { raceReportJsonSchema } from "../packages/deadheat/src/findings/race-report.ts";
import { reportJsonSchema } from "../packages/deadheat/src/findings/report.ts";
import { verifyJsonSchema } from "../packages/deadheat/src/findings/verify-report.ts";

import { fixJsonSchema } from "../packages/deadheat/src/source/fixes/output/schema.ts";
import { planJsonSchema } from "../packages/deadheat/src/spec/output/schema.ts";

const folder = new URL("../packages/deadheat/schema/", import.meta.url);
const schemas = {
  report: reportJsonSchema(),
  prove: proveJsonSchema(),
  verify: verifyJsonSchema(),
  config: configJsonSchema(),
  plan: planJsonSchema(),
  fix: fixJsonSchema(),
  race: raceJsonSchema(),
  "race-report": raceReportJsonSchema(),
  baseline: baselineJsonSchema(),
  compare: comparisonJsonSchema(),
};

mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemas))
  writeFileSync(new URL(`${name}.schema.json`, folder), `${JSON.stringify(schema, null, 2)}\n`);
