import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { root } from "./support/command.ts";

const pages = [
  ...["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].map((name) => join(root, name)),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(root, "docs", name)),
];
const FILE =
  /\b(?:bench|docs|tests|packages|labs|scripts|examples)\/[\w./-]+\.(?:txt|md|ts|yaml|json|mjs|py)\b/g;

it.each(pages.map((page) => relative(root, page)))("%s names files that exist", (name) => {
  const text = readFileSync(join(root, name), "utf8");
  const links = [...text.matchAll(/\]\(([\w./-]+)(?:#[\w-]*)?\)/g)].map(([, to]) =>
    join(root, dirname(name), to as string),
  );
  const named = [...text.matchAll(FILE)].map(([file]) => join(root, file));
  const missing = [...links, ...named].filter((file) => !existsSync(file));
  expect(missing.map((file) => relative(root, file))).toEqual([]);
});
