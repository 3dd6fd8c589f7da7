import type { Command } from "commander";

export function compare(program: Command): void {
  program
    .command("compare")
    .description("what is fixed, new, or still racing between two reports")
    .argument("<before>", "report.json of a scan")
    .argument("<after>", "report.json of a later one")
    .option("--format <format>", "console or json", "console")
    .addHelpText("after", "\nExit codes: 1 something is new, 0 nothing is, 2 usage or input.")
    .action(async (before, after, options) => {
      const { compareCommand } = await import("../compare.ts");
      process.exitCode = await compareCommand(before, after, options);
    });
}
