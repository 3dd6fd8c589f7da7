import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { outlineOf } from "./outline.ts";

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
});
