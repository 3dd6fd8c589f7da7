import type { Command } from "commander";

export function explain(program: Command): void {
  program
    .command("explain")
    .description("what a weakness or a rule is, what proves it, and how to fix it")
    .argument("[name]", "lost-update, read-modify-write, … (default: all that there are)")
    .action(async (name) => {
      const { explainCommand } = await import("../explain.ts");
      process.exitCode = await explainCommand(name);
    });
}
