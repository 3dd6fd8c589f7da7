import type { Command } from "commander";

export function plan(program: Command): void {
  program
    .command("plan")
    .description("tell from an OpenAPI document alone what may race and how it would be raced; sends nothing")
    .argument(
      "[document]",
      "OpenAPI 3 or Swagger 2.0, YAML or JSON (default: the one that deadheat.yaml names)",
    )
    .option("--config <file>", "default: deadheat.yaml here, where there is one and no document is given")
    .option("--json", "print JSON")
    .option("--mermaid", "print the links as a Mermaid flowchart")
    .option("--all", "also every operation and every link")
    .option("--validate", "also validate the document (needs the package @redocly/openapi-core)")
    .option(
      "--annotate [file]",
      "write what was inferred into the document, or into a copy of it, as x-deadheat",
    )
    .option(
      "--opt-in <operation...>",
      "operations that may be called although they may move money or send mail",
    )
    .action(async (document, options) => {
      const { planCommand } = await import("../plan.ts");
      process.exitCode = await planCommand(document, options);
    });
}
