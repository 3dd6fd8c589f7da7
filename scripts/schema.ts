import { mkdirSync, writeFileSync } from "node:fs";
import { schemaFile, schemas, schemaText } from "./schemas.ts";

mkdirSync(new URL(".", schemaFile("report")), { recursive: true });
for (const [name, schema] of Object.entries(schemas)) writeFileSync(schemaFile(name), schemaText(schema));
