import type { Command } from "commander";

export function prove(program: Command): void {
  program
    .command("prove")
    .description("start a Django project in a throw-away world, and prove what races in it")
    .argument("<project>", "the folder that has manage.py in it, or one above")
    .option("--config <file>", "default: deadheat.yaml here, or in the project")
    .option("--document <openapi>", "an API document to begin with; what the source shows is added")
    .option("--python <file>", "interpreter that has the project's requirements")
    .option("--settings <module>", "settings module, shop.settings")
    .option("--only <weakness...>", "race nothing else: lost-update, revocation-race, …")
    .option("--trials <n>", "trials a scenario, where orders of SQL statements do not tell (default: 24)")
    .option("--minutes <n>", "for all races; those that are left are told (default: no limit)")
    .option("--seed <text>", "reproduces amounts, orders and offsets")
    .option("--allow-script", "make users by a script where the project lets nobody register")
    .option("--yes", "the same: nothing is asked")
    .option("--no-fix", "make no fix, and verify none")
    .option("--keep", "keep the project running until Ctrl-C")
    .option("--output <directory>", "where reports go (default: .deadheat)")
    .option("--format <format>", "console or json", "console")
    .option("--allow-inconclusive", "exit 0 although a planned race could not be judged")
    .addHelpText("after", HELP)
    .action(async (project, options) => {
      const { proveCommand } = await import("../prove.ts");
      process.exitCode = await proveCommand(project, options);
    });
}

const HELP = `
The project is copied, and the copy is run on a throw-away PostgreSQL, with none of your environment
variables. What a project needs beyond that is written into deadheat.yaml, under prove: docs/prove.md.

Exit codes: 0 nothing proven, 1 something proven, 2 usage or input, 3 the project could not be started
or something could not be judged, 130 interrupted.`;
