import type { Command } from "commander";

export function demo(program: Command): void {
  program
    .command("demo")
    .description("start the lab, scan it, show what was found, stop the lab")
    .option("--seed <text>", "reproduces amounts, orders and offsets")
    .option("--trials <n>", "trials a scenario, fixed in advance", "60")
    .option("--output <directory>", "where reports go", ".deadheat")
    .action(async (options) => {
      const { demoCommand } = await import("../demo.ts");
      process.exitCode = await demoCommand(options);
    });
}
