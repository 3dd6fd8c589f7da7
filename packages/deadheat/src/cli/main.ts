import { Command } from "commander";
import { version } from "../version.ts";
import { COMMANDS } from "./commands/index.ts";
import { failure } from "./failure.ts";

const program = new Command("deadheat")
  .description("Finds the race between a Bearer-token check and the state change behind it, and proves it.")
  .version(version)
  .option("--debug", "show stack traces of errors")
  .showHelpAfterError("Run deadheat --help to see what there is.")
  .exitOverride();

for (const declare of COMMANDS) declare(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failure(error, { debug: process.argv.includes("--debug"), stderr: process.stderr });
}
