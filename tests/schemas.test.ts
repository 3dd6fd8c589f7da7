import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { schemaFile, schemas, schemaText } from "../scripts/schemas.ts";

describe("the published schemas", () => {
  it.each(Object.entries(schemas))("%s is made from the code: npm run schema", (name, schema) => {
    expect(readFileSync(schemaFile(name), "utf8")).toBe(schemaText(schema));
  });

  it("are these, and no others", () => {
    const there = readdirSync(new URL(".", schemaFile("report"))).map((one) => one.split(".")[0]);
    expect(there.sort()).toEqual(Object.keys(schemas).sort());
  });
});
