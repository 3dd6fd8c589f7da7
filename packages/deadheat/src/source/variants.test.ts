import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

const FOLDER = new URL("../../../../tests/source/variants/", import.meta.url);

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** The parts of a file of variants, by their headings. */
function variants(name: string): [string, string][] {
  const parts = readFileSync(new URL(name, FOLDER), "utf8").split(/^#% /m).slice(1);
  return parts.map((part) => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1)];
  });
}

const found = (text: string) => analyseTexts({ "app/views.py": text }, grammar).map((one) => one.rule);

describe("the same gap in other words", () => {
  it.each(variants("racy.py"))("%s: seen", (_, text) => {
    expect(found(text)).not.toEqual([]);
  });

  it.each(variants("safe.py"))("%s: nothing to say", (_, text) => {
    expect(found(text)).toEqual([]);
  });
});
