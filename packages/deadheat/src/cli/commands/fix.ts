import type { Command } from "commander";

export function fix(program: Command): void {
  program
    .command("fix")
    .description("write the fixes for what check finds, as diffs; each is analysed again before it is told")
    .argument("<path>", "a project, a folder or a file")
    .option("--write", "change the files; without it the diffs are printed only")
    .option("--only <finding>", "a rule's id, or FILE:LINE of a finding")
    .option("--format <format>", "console or json", "console")
    .action(async (path, options) => {
      const { fixCommand } = await import("../fix.ts");
      process.exitCode = await fixCommand(path, options);
    });
}
