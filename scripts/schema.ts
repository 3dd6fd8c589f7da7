import { mkdirSync, writeFileSync } from "node:fs";
import { reportJsonSchema } from "../packages/deadheat/src/findings/report.ts";

const folder = new URL("../packages/deadheat/schema/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("report.schema.json", folder), `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
