import { CommanderError } from "commander";
import { DeadheatError } from "../errors.ts";
import { inert } from "../inert.ts";

/** Says what went wrong and what to do, and returns the exit code. No stack trace unless asked for. */
export function failure(
  error: unknown,
  options: { readonly debug: boolean; readonly stderr: { write(text: string): unknown } },
): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { stderr, debug } = options;
  if (error instanceof DeadheatError) {
    stderr.write(`deadheat: ${inert(error.message)}\n`);
    if (error.hint !== "") stderr.write(`  ${inert(error.hint)}\n`);
    if (debug)
      stderr.write(`${error.stack}\n${error.cause instanceof Error ? `${error.cause.stack}\n` : ""}`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`deadheat: unexpected: ${inert(message)}\n`);
  stderr.write(
    debug && error instanceof Error
      ? `${error.stack}\n`
      : "  Run it again with --debug and report what it prints.\n",
  );
  return 70;
}
