import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { type FunctionSpan, outlineOf } from "./outline.ts";
import { quickSignature } from "./quick/index.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function taken<T>(make: () => T): { readonly made: T; readonly bytes: number } {
  collect();
  const before = process.memoryUsage().heapUsed;
  const made = make();
  collect();
  return { made, bytes: process.memoryUsage().heapUsed - before };
}

describe("what is kept of a function", () => {
  it("is little: a large project has tens of thousands, and each once had a class of V8's own", () => {
    const text = Array.from({ length: 20_000 }, (_, at) => `def f${at}(x):\n    return x\n\n`).join("");
    outlineOf(text);
    const { made, bytes } = taken(() => outlineOf(text));
    expect(made?.functions.size).toBe(20_000);
    expect(bytes / 20_000).toBeLessThan(220);
  });

  it("has no room for parameters that it does not have", () => {
    const text = "def f(x):\n    return x\n";
    const span = outlineOf(text)?.functions.get(0) as FunctionSpan;
    const signatures = () => Array.from({ length: 20_000 }, () => quickSignature(text, span));
    signatures();
    const { made, bytes } = taken(signatures);
    expect(made).toHaveLength(20_000);
    expect(bytes / 20_000).toBeLessThan(220);
  });
});
