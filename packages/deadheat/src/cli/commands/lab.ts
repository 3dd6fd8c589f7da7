import type { Command } from "commander";

export function lab(program: Command): void {
  const lab = program
    .command("lab")
    .description("start the embedded lab on a real PostgreSQL server")
    .option("--port <n>", "port to listen on (default: a free one)")
    .option("--think <ms>", "time between check and act")
    .option("--database-latency <ms>", "added to each statement")
    .option("--connections <n>", "database connections of each half")
    .option("--suite <name>", "add the endpoints of a suite: tokens or resources")
    .option("--right <name>", "how the guarded half of the suite resources is made right")
    .option("--broken <name>", "put a mistake into the guarded half, to see whether it is found")
    .action(async (options) => {
      const { labCommand } = await import("../lab.ts");
      process.exitCode = await labCommand(options);
    });

  lab
    .command("django")
    .description("start the Django lab (Debian's packages); --help shows its own options")
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async (_options, command) => {
      const { labDjangoCommand } = await import("../lab-django.ts");
      process.exitCode = await labDjangoCommand(command.args);
    });
}
