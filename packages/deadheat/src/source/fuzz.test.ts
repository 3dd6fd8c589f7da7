import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";
import { parsePython } from "./parse/parse.ts";
import { rules } from "./rules/index.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const line = fc.constantFrom(
  "row = Model.objects.get(pk=pk)",
  "row = Model.objects.select_for_update().filter(pk=row.pk).first()",
  "row.n += 1",
  "row.save()",
  "self.save(update_fields=names)",
  "with transaction.atomic():",
  "try:",
  "except Model.DoesNotExist:",
  "if row is None:",
  "elif not Model.objects.filter(a=row.b).exists():",
  "else:",
  "for x in (y for y in rows if y):",
  "while True:",
  "def f(self, row, *args, **kwargs):",
  "class A(Model, B[C]):",
  "return f(row, *args, **kwargs)",
  "@decorator(1)",
  "match row:",
  "x = y = lambda z, *a: z.n + 1",
  "del row.data['k']",
  "async with lock(): await row.asave()",
  'print "x"',
  "(((",
  '"""',
);
const program = fc
  .array(fc.tuple(fc.nat(3), line), { maxLength: 40 })
  .map((lines) => lines.map(([depth, text]) => "    ".repeat(depth) + text).join("\n"));

describe("whatever the text", () => {
  it("lines of Python in any order are analysed", () => {
    fc.assert(
      fc.property(program, (text) => {
        expect(Array.isArray(analyseTexts({ "a.py": text }, grammar))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("any characters at all are parsed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(Array.isArray(parsePython(text, grammar).statements)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("a half-written file is analysed wherever it ends", () => {
    const whole = rules.flatMap((rule) => rule.examples.racy).join("\n");
    fc.assert(
      fc.property(fc.nat(whole.length), (end) => {
        analyseTexts({ "a.py": whole.slice(0, end) }, grammar);
      }),
      { numRuns: 60 },
    );
  });

  it("findings do not depend on what things are called", () => {
    // Rules see effects: a table, a column and a variable under other names are the same race.
    const renamed = (text: string) =>
      text.replaceAll("profile", "zzz").replaceAll("Profile", "Zzz").replaceAll("score", "qqq");
    for (const rule of rules)
      for (const text of rule.examples.racy) {
        const ids = (source: string) => analyseTexts({ "a.py": source }, grammar).map((one) => one.rule);
        expect(ids(renamed(text))).toEqual(ids(text));
      }
  });
});
