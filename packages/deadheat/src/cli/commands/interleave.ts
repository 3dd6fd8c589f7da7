import type { Command } from "commander";
import { documented, viewing } from "./shared.ts";

export function interleave(program: Command): void {
  viewing(documented(program.command("interleave")))
    .description("play a pair of requests under every order of their SQL statements with one preemption")
    .argument("[document]", "OpenAPI 3 or Swagger 2.0 (default: the one that deadheat.yaml names)")
    .requiredOption("--operation <operation>", 'against itself and against what ends its token: "POST /path"')
    .option("--only <weakness...>", "play nothing else: lost-update, revocation-race, …")
    .option("--output <directory>", "where the report goes (default: .deadheat)")
    .action(async (document, options) => {
      const { interleaveCommand } = await import("../interleave.ts");
      process.exitCode = await interleaveCommand(document, options);
    });
}
