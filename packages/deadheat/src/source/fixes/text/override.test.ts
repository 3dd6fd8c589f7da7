import { describe, expect, it } from "vitest";
import type { ClassDefinition } from "../../project/definitions.ts";
import { applyEdits } from "./edit.ts";
import { Layout } from "./layout.ts";
import { overrideIn } from "./override.ts";

const METHOD = "    def add(self):\n        return 2";

function given(text: string, name: string): string | undefined {
  const start = text.indexOf(`class ${name}`);
  const edit = overrideIn(new Layout(text), { name, start } as ClassDefinition, METHOD);
  return edit && applyEdits(text, [edit]);
}

describe("a method of a class's own", () => {
  it("goes to the end of the body, before what follows", () => {
    const text = "class A(B):\n    x = 1\n\n    # last\n\n\nclass C:\n    pass\n";
    expect(given(text, "A")).toBe(
      `class A(B):\n    x = 1\n\n    # last\n\n${METHOD}\n\n\nclass C:\n    pass\n`,
    );
  });

  it("takes the place of a body that is empty", () => {
    expect(given("class A(B):\n    pass\n", "A")).toBe(`class A(B):\n${METHOD}\n`);
  });

  it("stands behind a string over lines that reach the margin, and a header over several", () => {
    const text = 'class A(\n    B,  # with: a colon\n):\n    """One\ntwo\n"""\nx = 1\n';
    expect(given(text, "A")).toBe(
      `class A(\n    B,  # with: a colon\n):\n    """One\ntwo\n"""\n\n${METHOD}\nx = 1\n`,
    );
  });

  it("ends a file whose last line has no newline, and refuses a body on the line of its header", () => {
    expect(given("class A(B):\n    x = 1", "A")).toBe(`class A(B):\n    x = 1\n\n${METHOD}\n`);
    expect(given("class A(B): pass\n", "A")).toBeUndefined();
  });
});
