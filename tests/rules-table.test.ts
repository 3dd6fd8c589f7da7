import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rules } from "../packages/deadheat/src/source/rules/index.ts";

const table = readFileSync(new URL("../docs/rules.md", import.meta.url), "utf8");

/** The table had gone stale: it is written by hand, and says how many examples each rule has. */
it.each(rules.map((one) => [one.id, one] as const))("counts the examples of %s", (id, { examples }) => {
  const [, racy, safe] =
    new RegExp(`\\| \\[${id}\\]\\([^|]*\\|[^|]*\\| (\\d+) / (\\d+) \\|`).exec(table) ?? [];
  expect([racy, safe]).toEqual([String(examples.racy.length), String(examples.safe.length)]);
});
