import type { Expression } from "../parse/syntax.ts";
import type { Guard } from "./effect.ts";
import type { Run } from "./run.ts";

/** `while True:`, which ends where it is left. */
export function isEndless(test: Expression): boolean {
  return (test.kind === "constant" && test.value === true) || (test.kind === "number" && test.text === "1");
}

/**
 * `if not taken(name): break`, `except Person.DoesNotExist: break`: the conditions by which a loop is left where
 * nothing was found. What is there after it was chosen by them.
 */
export function whereMissing({ guards, steps }: Run): readonly Guard[] {
  return guards.filter(({ kind, branch, missing }) => {
    if (kind === "missing") return true;
    const arm = steps.find((one) => one.branch === branch)?.arm;
    return arm !== undefined && [...missing.values()].includes(arm);
  });
}
