import { beforeAll, describe, expect, it } from "vitest";
import { programOf } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { routesOf } from "../project/routes.ts";
import { requestGaps, requestRules } from "./index.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

function found(text: string): string[] {
  const program = programOf({ "views.py": text }, grammar);
  const routes = routesOf(program.project, program.settings);
  expect(routes.length).toBeGreaterThan(0);
  return routes.flatMap((route) => requestGaps(program, route) ?? []).map((one) => one.rule);
}

describe.each(requestRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  it.each(rule.examples.racy)("is seen in\n%s", (text) => {
    expect(found(text)).toContain(id);
  });

  it.each(rule.examples.safe)("is not seen in\n%s", (text) => {
    expect(found(text)).not.toContain(id);
  });
});
