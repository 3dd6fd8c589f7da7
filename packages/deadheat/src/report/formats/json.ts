import { inertJson } from "../../inert.ts";
import { whole } from "./whole.ts";

/** The report as DESIGN §12 has it; `schema/report.schema.json` describes it. */
export const json = whole("json", (report) => `${inertJson(report, 2)}\n`);
