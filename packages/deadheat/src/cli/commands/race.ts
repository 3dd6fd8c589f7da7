import type { Command } from "commander";
import { targeted, viewing } from "./shared.ts";

export function race(program: Command): void {
  viewing(targeted(program.command("race"), "target of the race file, then of deadheat.yaml"))
    .description("race a scenario of your own: requests, and what has to be true of answers and state")
    .argument("<file>", "race file, YAML (docs/race.md)")
    .option("--trials <n>", "trials, fixed in advance (default: 60)")
    .option("--json", "print JSON")
    .option("--output <directory>", "where reports go (default: .deadheat)")
    .option("--allow-inconclusive", "exit 0 although it could not be judged")
    .addHelpText(
      "after",
      "\nExit codes: 1 a race is proven, 0 not observed, 3 could not be judged, 2 usage or input, 130 interrupted.",
    )
    .action(async (file, options) => {
      const { raceCommand } = await import("../race.ts");
      process.exitCode = await raceCommand(file, options);
    });
}
