import type { Command } from "commander";
import { networked } from "./shared.ts";

export function init(program: Command): void {
  networked(program.command("init"))
    .description("write a commented deadheat.yaml")
    .argument(
      "<source>",
      "a Django project's folder, an OpenAPI 3 or Swagger 2.0 document, or the URL of a running API",
    )
    .option("--output <file>", "default: deadheat.yaml")
    .option("--document <openapi>", "of a project: a document to begin with; what the source shows is added")
    .option("--force", "write over a file that is there")
    .option("--allow <origin...>", "exact origins beyond this machine that may be asked")
    .option("--authorized <statement>", "who permitted it")
    .action(async (source, options) => {
      const { initCommand } = await import("../init.ts");
      process.exitCode = await initCommand(source, options);
    });
}
