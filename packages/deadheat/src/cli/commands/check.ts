import type { Command } from "commander";

export function check(program: Command): void {
  program
    .command("check")
    .description("find the check-then-act gap in Django and DRF source code, offline")
    .argument("<path>", "a project, a folder or a file")
    .option("--format <format>", "console, json or sarif", "console")
    .option("--fail-on <status>", "suspected: exit 1 where something of medium or high severity is found")
    .option("--baseline <report>", "a JSON report of an earlier run: what is in it is not told again")
    .option("--document <openapi>", "the API's OpenAPI document: findings name its operations")
    .option("--all", "also tell of what is low or only for information")
    .option("--no-cache", "analyse again even where no source has changed since the last run")
    .option("--tests", "also look at tests")
    .action(async (path, options) => {
      const { checkCommand } = await import("../check.ts");
      process.exitCode = await checkCommand(path, options);
    });
}
