import type { Command } from "commander";
import { documented, viewing } from "./shared.ts";

export function replay(program: Command): void {
  viewing(documented(program.command("replay"), "that of the proof"))
    .description("run what a proof sent once more, and judge it anew")
    .argument("<file>", "witness file of a scan or a race")
    .option("--document <file>", "API document or race file (default: the one that the proof was made with)")
    .option("--trials <n>", "trials, fixed in advance (default: 10)")
    .option("--format <format>", "console or json", "console")
    .option("--output <directory>", "where reports go (default: .deadheat)")
    .addHelpText(
      "after",
      "\nExit codes: 1 still a race, 0 not observed, 3 could not be judged, 2 usage or input.",
    )
    .action(async (file, options) => {
      const { replayCommand } = await import("../replay.ts");
      process.exitCode = await replayCommand(file, options);
    });
}
