import type { Command } from "commander";
import { collect, documented, viewing } from "./shared.ts";

export function scan(program: Command): void {
  viewing(documented(program.command("scan")))
    .description("race a running API, as planned from its OpenAPI document")
    .argument(
      "[document]",
      "OpenAPI 3 or Swagger 2.0, YAML or JSON (default: the one that deadheat.yaml names)",
    )
    .option("--trials <n>", "trials a scenario, fixed in advance (default: 60)")
    .option(
      "--thorough",
      "300 trials a scenario, and five minutes' wait for what lets a token in after its end",
    )
    .option("--only <weakness...>", "race nothing else: lost-update, revocation-race, …")
    .option("--format <format>", FORMATS, collect)
    .option("--output <directory>", "where reports go (default: .deadheat)")
    .option("--allow-inconclusive", "exit 0 although a planned race could not be judged")
    .option("--fail-on <what>", "proven, high, medium, low, suspected or never (default: proven)")
    .option("--baseline <file>", "findings that are accepted until a day (deadheat baseline)")
    .option("--since <report>", "report.json of an earlier scan: tell what is fixed, new, still racing")
    .addHelpText("after", tokenHelp())
    .action(async (document, options) => {
      const { scanCommand } = await import("../scan.ts");
      process.exitCode = await scanCommand(document, options);
    });
}

const FORMATS =
  "console, json, ndjson, sarif, junit, markdown, html; FORMAT=FILE writes to a file, several at once (default: console)";

function tokenHelp(): string {
  return `
Tokens are never arguments. deadheat.yaml says how tokens are had (docs/config.md); without it, set
DEADHEAT_TOKEN to a bearer token of a user made for testing, or leave it unset: then the scan registers
users of its own where the API lets it.

Exit codes: 0 nothing proven, 1 something proven, 2 usage or input, 3 something could not be judged,
130 interrupted.`;
}
