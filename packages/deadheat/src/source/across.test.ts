import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

const FOLDER = new URL("../../../../tests/source/across/", import.meta.url);

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** The parts of a file: heading, the functions of which one has to be named, text. */
function parts(name: string): [string, string, string][] {
  const texts = readFileSync(new URL(name, FOLDER), "utf8").split(/^#% /m).slice(1);
  return texts.map((text) => {
    const end = text.indexOf("\n");
    const [title = "", functions = ""] = text.slice(0, end).split(" -> ");
    return [title, functions, text.slice(end + 1)];
  });
}

const found = (text: string) => analyseTexts({ "app/services.py": text }, grammar);

describe("a gap whose parts are in several functions", () => {
  const isNamed = (functions: string, text: string) =>
    found(text).some((one) => functions.split("|").includes(one.function));
  const racy = parts("racy.py");

  it.each(racy.filter(([title]) => !title.startsWith("missed: ")))("%s: seen in %s", (_, functions, text) => {
    expect(isNamed(functions, text)).toBe(true);
  });

  it.fails.each(racy.filter(([title]) => title.startsWith("missed: ")))("%s", (_, functions, text) => {
    expect(isNamed(functions, text)).toBe(true);
  });

  it.each(parts("safe.py"))("%s: nothing to say%s", (_title, _functions, text) => {
    expect(found(text).map((one) => `${one.rule} in ${one.function}`)).toEqual([]);
  });
});
