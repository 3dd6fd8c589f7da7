import type { Command } from "commander";

export function baseline(program: Command): void {
  program
    .command("baseline")
    .description("accept the findings of a report until a day, with a reason")
    .argument("<report>", "report.json of a scan")
    .requiredOption("--reason <text>", "why they are lived with")
    .requiredOption("--expires <day>", "the last day on which they are, YYYY-MM-DD")
    .option("--only <id...>", "these findings, by id (default: all)")
    .option("--output <file>", "added to where it is there", "deadheat-baseline.json")
    .action(async (report, options) => {
      const { baselineCommand } = await import("../baseline.ts");
      process.exitCode = await baselineCommand(report, options);
    });
}
