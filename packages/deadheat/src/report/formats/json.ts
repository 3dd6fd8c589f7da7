import { whole } from "./whole.ts";

/** The report as DESIGN §12 has it; `schema/report.schema.json` describes it. */
export const json = whole("json", (report) => `${JSON.stringify(report, null, 2)}\n`);
