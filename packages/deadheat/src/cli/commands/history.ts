import type { Command } from "commander";

export function history(program: Command): void {
  program
    .command("history")
    .description("recorded histories")
    .command("check")
    .description("ask the oracle whether some sequential order explains a recorded history")
    .argument("<file>", "the history")
    .option("--format <format>", "jepsen-etcd, kv-edn or deadheat", "deadheat")
    .requiredOption("--model <name>", "cas-register, kv, counter, limit:1, …")
    .option("--deadline <ms>", "a search that takes longer is unknown", "60000")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit codes: 0 linearizable, 1 race, 2 usage or input, 3 unknown.")
    .action(async (file, options) => {
      const { historyCheckCommand } = await import("../history.ts");
      process.exitCode = await historyCheckCommand(file, options);
    });
}
