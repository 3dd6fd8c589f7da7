import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { schemaFile } from "../../scripts/schemas.ts";

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });

/** Where a value does not fit a schema that is published under this name. */
export function misfits(name: string, value: unknown): string[] {
  const fits = ajv.getSchema(name) ?? ajv.addSchema(published(name), name).getSchema(name);
  if (fits?.(value)) return [];
  return (fits?.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

function published(name: string): object {
  return JSON.parse(readFileSync(schemaFile(name), "utf8")) as object;
}

/** The values of a file of JSON lines. */
export function linesOf(file: string): unknown[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
