import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { rules } from "./index.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const found = (text: string) => analyseTexts({ "views.py": text }, grammar).map((one) => one.rule);

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  it.each(rule.examples.racy)("is seen in\n%s", (text) => {
    expect(found(text)).toContain(id);
  });

  it.each(rule.examples.safe)("is not seen in\n%s", (text) => {
    expect(found(text)).not.toContain(id);
  });

  it("has examples of both", () => {
    expect(rule.examples.racy.length).toBeGreaterThan(0);
    expect(rule.examples.safe.length).toBeGreaterThan(0);
  });
});
