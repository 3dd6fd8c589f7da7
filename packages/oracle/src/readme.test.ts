import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("the README's example prints what the README says", () => {
  const home = new URL("..", import.meta.url);
  const readme = readFileSync(new URL("README.md", home), "utf8");
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, expected] = /```text\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(code.trim().split("\n").length).toBeLessThanOrEqual(15);
  const args = ["--import", "tsx", "--conditions", "source", "--input-type=module", "--eval", code];
  expect(execFileSync(process.execPath, args, { cwd: fileURLToPath(home), encoding: "utf8" })).toBe(expected);
});
