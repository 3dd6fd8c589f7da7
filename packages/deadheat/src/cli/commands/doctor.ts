import type { Command } from "commander";
import { documented } from "./shared.ts";

export function doctor(program: Command): void {
  documented(program.command("doctor"))
    .description("say what a scan could judge and what not, and why")
    .argument("[document]", "OpenAPI 3 or Swagger 2.0 (default: the one that deadheat.yaml names)")
    .option("--format <format>", "console or json", "console")
    .action(async (document, options) => {
      const { doctorCommand } = await import("../doctor.ts");
      process.exitCode = await doctorCommand(document, options);
    });
}
