import type { Command } from "commander";
import { DeadheatError } from "../../errors.ts";
import { bashCompletion } from "./bash.ts";
import { described } from "./described.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** The script by which a shell completes commands and options. */
export function completionFor(shell: string, program: Command): string {
  if (shell !== "bash" && shell !== "zsh" && shell !== "fish")
    throw new DeadheatError("usage", `${shell}: no such shell here`, "Give bash, zsh or fish.");
  return SHELLS[shell](described(program));
}
