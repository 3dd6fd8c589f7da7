import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { type Grammar, loadGrammar } from "../grammar.ts";
import { type FunctionSpan, outlineOf } from "../outline.ts";
import { parseFunction, parseSkeleton } from "../parse.ts";
import { quickFunction, quickModule, quickSignature } from "./index.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const ROOT = new URL("../../../../../../", import.meta.url).pathname;
const COMPOUND = new Set(["if", "for", "while", "try", "with", "match", "function", "class", "pass"]);

/** Where a block ends, comments behind it included or not, is nobody's business. */
function withoutBlockEnds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlockEnds);
  if (value === null || typeof value !== "object") return value;
  const node = value as Record<string, unknown>;
  const isBlock = COMPOUND.has(node.kind as string) || "catches" in node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !(key === "end" && isBlock))
      .map(([key, one]) => [key, withoutBlockEnds(one)]),
  );
}

/**
 * Compares all that is read quickly, and says how many functions of how many that is. Of what is no Python, more or
 * less may be read: nothing that follows from it is right or wrong.
 */
function compare(text: string): { readonly read: number; readonly all: number } {
  const outline = outlineOf(text);
  if (!outline) return { read: 0, all: 0 };
  const statements = quickModule(text, outline.functions);
  const skeleton = parseSkeleton(text, outline, grammar);
  if (statements && skeleton.errors.length === 0) {
    expect(withoutBlockEnds(statements)).toEqual(withoutBlockEnds(skeleton.statements));
  }
  const spans = [...outline.functions.values()];
  return { read: spans.filter((span) => compareFunction(text, span)).length, all: spans.length };
}

function compareFunction(text: string, span: FunctionSpan): boolean {
  const quick = quickFunction(text, span);
  if (!quick) return false;
  const slow = parseFunction(text, span, grammar);
  if (slow.errors.length > 0) return true;
  expect(withoutBlockEnds(quick)).toEqual(withoutBlockEnds(slow.node));
  expect(quickSignature(text, span)).toEqual({ parameters: quick.parameters, decorators: quick.decorators });
  return true;
}

describe("what is read quickly is what the grammar reads", () => {
  it("in the examples of all rules", () => {
    for (const rule of rules)
      for (const text of [...rule.examples.racy, ...rule.examples.safe]) {
        const { read, all } = compare(text);
        expect(read).toBe(all);
      }
  });

  it("in the Python of this repository", () => {
    const files = ["tests/source", "labs/django"].flatMap((folder) =>
      readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
        .filter((one) => one.endsWith(".py") && !one.includes("node_modules"))
        .map((one) => `${ROOT}${folder}/${one}`),
    );
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) compare(readFileSync(file, "utf8"));
  });

  it.each([
    ["operators", "x = -a ** b + c // d % e @ f << 1 >> 2 & g | ~i\ny = a < b <= c != d is not e not in f"],
    ["logic", "x = not a in b and c or d if e else lambda *a, k=1, **z: (yield)\nz = (w := 1) or w"],
    ["strings", `x = b"a" 'c' r"\\d" f"{a!r:>{w}} {{b}} {c['d']}" """e\n"f" """ f'{g:%Y-%m}' f"{h=}"`],
    [
      "collections",
      "x = [*a, b], {c}, {**d, 'e': f}, (), (g,), [], {}, {h: i for h, i in j if k}\ny, *z = x",
    ],
    ["calls", "f(*a, b, c=d, **e)(g)[h, 1:2, ::3].i(j for j in k)\nprint(a)\nasync_ = await_"],
    ["comments", "x = (a  # b\n  # c\n  + d)\nif x:  # e\n    y  # f\n  # g\nelse:\n  # h\n    z\n# i"],
    [
      "joined lines",
      "x = a + \\\n    b\nassert x, \\\n  y\nx = a if b else \\\n   c\nif a and \\\n   b: pass; c = 1;\nd",
    ],
    [
      "imports",
      "from . import a\nfrom ..b.c import (d as e, f,)\nimport g.h as i, j\nfrom k import *\nfrom __future__ import l",
    ],
    [
      "statements",
      "def f(a: int, /, b: A[B] | None = 1, *, c, **d) -> e:\n  global x\n  del a, b[c]\n  raise A from b\n  x: int = y\n",
    ],
    [
      "blocks",
      "@a.b(c)\nasync def f(self):\n  async with a as b, c:\n    async for d, e in f:\n      await g\n    else: h\n  try: i\n  except (A, B) as c: pass\n  except: raise\n  else: j\n  finally: k\n  while x: break\n  if a: b\n  elif c: d\n  else:\n    return 1, 2\n",
    ],
    [
      "tabs",
      "class A(B, metaclass=C):\n\tx: int\n\tdef f(self):\n\t\tif x:\n\t\t\treturn\n\n\t@property\n\tdef g(self): yield a, b\n",
    ],
    ["carriage returns", "def f():\r\n    x = (1,\r\n  2)\r\n    return x\r\n\r\ny = 1\r\n"],
    [
      "type parameters",
      "class A[T](B[T], c=d):\n  def f[K: int, *Ts, **P](x: K) -> T: pass\nclass C[T]: pass\n",
    ],
    [
      "type aliases",
      "type X = int | None\ntype Y[T] = list[T]\ntype = 1\ntype(x)\nx = type(y)\ntype.a = 2\n",
    ],
    ["other scripts", "größe = 1\ndef ñ(é):\n  return 'ü' + é\n"],
  ])("%s", (_, text) => {
    const { read, all } = compare(text);
    expect(read).toBe(all);
    expect(quickModule(text, outlineOf(text)!.functions)).toBeDefined();
  });

  it.each([
    "match x:\n    case 1:\n        pass\n",
    "print 'a'\n",
    "try:\n    a\nexcept A, e:\n    b\n",
    "with (a as b, c as d):\n    pass\n",
    "exec 'a' in b\n",
    "x = `a`\n",
    "a b\n",
    "if a:\nb\n",
    "if a:\n    b\n      c\n",
    "x = f'{a b}'\n",
    "f(a=1, b for b in c)\n",
    "await a ** b\n",
    "*a.b = c\n",
    "def f():\n    yield *a ** b\n",
  ])("leaves %j to the grammar", (text) => {
    const outline = outlineOf(text);
    const isRead = outline && quickModule(text, outline.functions);
    const inner = [...(outline?.functions.values() ?? [])].map((one) => quickFunction(text, one));
    expect(isRead === undefined || inner.some((one) => one === undefined)).toBe(true);
  });

  it("in pieces of Python in any order", () => {
    const piece = fc.constantFrom(
      ..."a b 1 'c' f'{d}' ( ) [ ] { } , : = == := + - ** * not in is if else for lambda and or . await yield \\ # return def class @ ; async None x=1 *a".split(
        " ",
      ),
      "\n",
      "\n    ",
      "\n  ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        compare(pieces.join(" "));
      }),
      { numRuns: 1500 },
    );
  });
});
