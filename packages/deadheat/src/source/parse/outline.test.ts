import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Grammar, loadGrammar } from "./grammar.ts";
import { outlineOf } from "./outline.ts";
import { parseFunction, parsePython } from "./parse.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const namesIn = (text: string) => {
  const outline = outlineOf(text);
  return outline && [...outline.functions.values()].map((one) => text.slice(one.start, one.end));
};

describe("functions found without parsing", () => {
  it("decorators, brackets over lines, strings and nested functions", () => {
    const text = `import x

class A:
    n = "def no(): pass"

    @decorator(
        1,
    )
    # a note
    def f(self, a=(1, 2), *, b: dict[str, int] = {}) -> None:
        """def no():
def neither():
    """
        def inner():
            return 1
        return [
def_ for def_ in b]

    async def g(self): return ")"

def h(): pass
x = 1
`;
    expect(namesIn(text)?.map((one) => one.split("\n")[0])).toEqual([
      "@decorator(",
      'async def g(self): return ")"',
      "def h(): pass",
    ]);
  });

  it.each([
    ["an open bracket", "def f(:\n  pass\n\ndef g():\n  pass\n"],
    ["a string without an end", "x = 'a\ndef g():\n  pass\n"],
    ["an open triple string", 'def f():\n  """a\n  pass\n'],
    ["a bracket too many", "x = )\n"],
  ])("%s: all of it has to be parsed", (_, text) => {
    expect(outlineOf(text)).toBeUndefined();
  });

  it("the text without functions is as long as the text, and they are blank in it", () => {
    const line = fc.constantFrom(
      "def f():",
      "class A:",
      "x = '''",
      "(",
      ")",
      "@d",
      "pass",
      "'a'",
      "# b",
      "\\",
      "\t",
    );
    const lines = fc.array(fc.tuple(fc.nat(3), line), { maxLength: 20 });
    fc.assert(
      fc.property(lines, (given) => {
        const text = given.map(([depth, one]) => " ".repeat(depth * 2) + one).join("\n");
        const outline = outlineOf(text);
        if (!outline) return;
        const skeleton = outline.skeleton();
        expect(skeleton.length).toBe(text.length);
        for (const { start, end } of outline.functions.values())
          expect(skeleton.slice(start, end).trim()).toBe("pass");
      }),
      { numRuns: 300 },
    );
  });

  it("a method parses by itself at its place in the file", () => {
    const text = "class A:\n    @property\n    def f(self):\n        return self.x\n";
    const parsed = parsePython(text, grammar);
    const [span] = parsed.functions.values();
    for (const { node, errors } of [parsed.body(span!), parseFunction(text, span!, grammar)]) {
      expect(errors).toEqual([]);
      expect(text.slice(node!.start, node!.end)).toBe("@property\n    def f(self):\n        return self.x");
    }
  });
});
