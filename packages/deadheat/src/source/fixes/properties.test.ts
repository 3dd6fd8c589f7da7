import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { fixTexts } from "./project.ts";
import { commentsOf } from "./text/comments.ts";

const FOLDER = new URL("../../../../../tests/source/", import.meta.url);
const FILE = "app/views.py";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

interface Variant {
  readonly name: string;
  readonly text: string;
}

function variantsIn(file: string): Variant[] {
  const parts = readFileSync(new URL(file, FOLDER), "utf8").split(/^#% /m).slice(1);
  return parts.map((part) => {
    const end = part.indexOf("\n");
    return { name: part.slice(0, end), text: part.slice(end + 1) };
  });
}

const layouts = variantsIn("fixes/variants.py");
const fixable = layouts.filter((one) => !one.name.endsWith("(kept)"));
const racy = variantsIn("variants/racy.py");
const outcomeOf = (text: string) => {
  const outcome = fixTexts(new Map([[FILE, text]]), grammar);
  return { ...outcome, text: outcome.texts.get(FILE) as string };
};

/** Whether python3 takes them all, asked once. */
function compileErrors(texts: readonly string[]): string {
  const script =
    "import json,sys\nfor t in json.load(sys.stdin):\n try: compile(t,'fixed','exec')\n except SyntaxError as e: print(e,repr(t))";
  const run = spawnSync("python3", ["-c", script], { input: JSON.stringify(texts), encoding: "utf8" });
  return run.stdout + run.stderr;
}

/** What may stand around it in a file, none of it to be touched. */
const NOISE = [
  "def untouched( a,b ):   # as it was\n\treturn {'a' :a,\n  'b':b}\n",
  'TEXT = """\n    with transaction.atomic():\n  # no comment\n"""\n',
  "if True: pass;  x = 1 ;y=2   \n",
  "class Other(object):\n  '''Two blanks.'''\n  def m(self): return self\n\n\n\n",
  "# a comment \u00e9\u{1f600} with trailing blanks   \n",
  "LONG = [1,\n 2, 3,\n      ]   # end\n",
];

type Change = (text: string) => string;
/** Of the function that has the gap. */
const inner: Readonly<Record<string, Change>> = {
  "as it is": (text) => text,
  tabs: (text) => text.replace(/^( {4})+(?=\S)/gm, (blanks) => "\t".repeat(blanks.length / 4)),
  "in a class": (text) =>
    /^(from|import|class|@|""")|"""$/m.test(text)
      ? text
      : `class Views:\n${text.replace(/^(?=.)/gm, "    ")}`,
};
/** Of the whole file. */
const outer: Readonly<Record<string, Change>> = {
  "as it is": (text) => text,
  "carriage returns": (text) => text.replaceAll("\n", "\r\n"),
  "no newline at the end": (text) => text.replace(/\n+$/, ""),
};

it.each(fixable)("$name: fixed", ({ text }) => {
  const { fixed, unfixed, text: after } = outcomeOf(text);
  expect(fixed.length).toBeGreaterThan(0);
  expect(unfixed).toEqual([]);
  expect(analyseTexts({ [FILE]: after }, grammar)).toEqual([]);
});

it.each(layouts.filter((one) => one.name.endsWith("(kept)")))("$name: said why not", ({ text }) => {
  const { unfixed } = outcomeOf(text);
  expect(unfixed.length).toBeGreaterThan(0);
  for (const one of unfixed) expect(one.reason.length).toBeGreaterThan(20);
});

it("compiles whatever it fixes, keeps comments and all that is around, and is done after one run", () => {
  const texts: string[] = [];
  fc.assert(
    fc.property(
      fc.constantFrom(...layouts, ...racy),
      fc.constantFrom(...Object.keys(inner)),
      fc.constantFrom(...Object.keys(outer)),
      fc.array(fc.constantFrom(...NOISE), { maxLength: 3 }),
      fc.array(fc.constantFrom(...NOISE), { maxLength: 3 }),
      ({ text }, change, layout, above, below) => {
        // Imports and a docstring belong at the head of a file.
        const head = /^("""|from|import)/.test(text) ? "" : above.join("");
        const apply = outer[layout] as Change;
        const whole = apply(head + (inner[change] as Change)(text) + below.join(""));
        const before = analyseTexts({ [FILE]: whole }, grammar);
        const { text: after, fixed, unfixed } = outcomeOf(whole);
        expect(analyseTexts({ [FILE]: after }, grammar).length).toBeLessThanOrEqual(before.length);
        for (const noise of [...(head === "" ? [] : above), ...below])
          expect(after).toContain(apply(noise).replace(/\n+$/, ""));
        for (const comment of commentsOf(whole)) expect(after).toContain(comment);
        if (layout === "carriage returns") expect(after.replaceAll("\r\n", "")).not.toContain("\n");
        if (layout === "no newline at the end") expect(after.endsWith("\n")).toBe(whole.endsWith("\n"));
        if (fixed.length > 0) {
          texts.push(after);
          const again = outcomeOf(after);
          expect(again.text).toBe(after);
          expect(again.unfixed.length).toBe(unfixed.length);
        } else expect(after).toBe(whole);
      },
    ),
    { numRuns: Number(process.env.FIX_RUNS ?? 150) },
  );
  expect(compileErrors(texts)).toBe("");
});
