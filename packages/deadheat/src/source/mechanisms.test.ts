import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

const FOLDER = new URL("../../../../tests/source/mechanisms/", import.meta.url);

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
const files = readdirSync(FOLDER).sort();

const isNamed = (functions: string, text: string) =>
  found(text).some((one) => functions.split("|").includes(one.function));
const isMissed = ([title]: readonly string[]) => title?.startsWith("missed: ") === true;

describe.each(files.filter((one) => one.endsWith(".racy.py")))("%s", (file) => {
  it.each(parts(file).filter((one) => !isMissed(one)))("%s: seen in %s", (_, functions, text) => {
    expect(isNamed(functions, text)).toBe(true);
  });

  it.fails.each(parts(file).filter(isMissed))("%s", (_, functions, text) => {
    expect(isNamed(functions, text)).toBe(true);
  });
});

describe.each(files.filter((one) => one.endsWith(".safe.py")))("%s", (file) => {
  it.each(parts(file))("%s: nothing to say%s", (_title, _functions, text) => {
    expect(found(text).map((one) => `${one.rule} in ${one.function}`)).toEqual([]);
  });
});
