import type { Command } from "commander";
import { documented, viewing } from "./shared.ts";

export function verify(program: Command): void {
  viewing(documented(program.command("verify"), "that of the report"))
    .description("run the proofs of a report again: gone, still racing, or not comparable")
    .argument("<report>", "report.json of a scan, prove.json, or one witness file")
    .option("--document <file>", "API document (default: the one that the report was made with)")
    .option("--project <folder>", "of a prove report: the project as it is now (default: that of the report)")
    .option("--allow-script", "make users by a script where the project lets nobody register")
    .option("--trials <n>", "trials a scenario (default: 60)")
    .option("--format <format>", "console or json", "console")
    .option("--output <directory>", "where reports go (default: .deadheat)")
    .addHelpText(
      "after",
      "\nExit codes: 0 all gone, 1 something still races, 3 something is not comparable, 2 usage or input.",
    )
    .action(async (report, options) => {
      const { verifyCommand } = await import("../verify.ts");
      process.exitCode = await verifyCommand(report, options);
    });
}
