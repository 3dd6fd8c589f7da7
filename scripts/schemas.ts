import { configJsonSchema } from "../packages/deadheat/src/config/index.ts";
import { raceJsonSchema } from "../packages/deadheat/src/config/race/index.ts";
import { eventJsonSchema } from "../packages/deadheat/src/engine/event-schema.ts";
import { baselineJsonSchema } from "../packages/deadheat/src/findings/baseline.ts";
import { comparisonJsonSchema } from "../packages/deadheat/src/findings/compare.ts";
import { diagnosisJsonSchema } from "../packages/deadheat/src/findings/diagnosis.ts";
import { proveJsonSchema } from "../packages/deadheat/src/findings/prove-report.ts";
import { raceReportJsonSchema } from "../packages/deadheat/src/findings/race-report.ts";
import { reportJsonSchema } from "../packages/deadheat/src/findings/report.ts";
import { verifyJsonSchema } from "../packages/deadheat/src/findings/verify-report.ts";
import { fixJsonSchema } from "../packages/deadheat/src/source/fixes/output/schema.ts";
import { checkJsonSchema } from "../packages/deadheat/src/source/output/schema.ts";
import { planJsonSchema } from "../packages/deadheat/src/spec/output/schema.ts";

/** By name, what is published in `packages/deadheat/schema`. */
export const schemas: Readonly<Record<string, unknown>> = {
  report: reportJsonSchema(),
  event: eventJsonSchema(),
  check: checkJsonSchema(),
  prove: proveJsonSchema(),
  verify: verifyJsonSchema(),
  config: configJsonSchema(),
  plan: planJsonSchema(),
  fix: fixJsonSchema(),
  doctor: diagnosisJsonSchema(),
  race: raceJsonSchema(),
  "race-report": raceReportJsonSchema(),
  baseline: baselineJsonSchema(),
  compare: comparisonJsonSchema(),
};

export const schemaFile = (name: string): URL =>
  new URL(`../packages/deadheat/schema/${name}.schema.json`, import.meta.url);

export const schemaText = (schema: unknown): string => `${JSON.stringify(schema, null, 2)}\n`;
