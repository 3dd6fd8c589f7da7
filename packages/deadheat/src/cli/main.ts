import { Command } from "commander";
import { version } from "../version.ts";
import { failure } from "./failure.ts";

/** Option parsing only: what a command does is loaded when it is asked for, so that --help stays quick. */
const program = new Command("deadheat")
  .description("Finds the race between a Bearer-token check and the state change behind it, and proves it.")
  .version(version)
  .option("--debug", "show stack traces of errors")
  .showHelpAfterError("Run deadheat --help to see what there is.")
  .exitOverride();

/** What every command takes that calls a running API. */
function targeted(command: Command): Command {
  return command
    .option("--config <file>", "default: deadheat.yaml here, where there is one")
    .option("--target <url>", "origin of the running API (default: the document's first server)")
    .option("--allow <origin...>", "exact origins beyond this machine that may be scanned")
    .option("--authorized <statement>", "who permitted it; goes into the report")
    .option(
      "--opt-in <operation...>",
      "operations that may be called although they may move money or send mail",
    )
    .option("--seed <text>", "reproduces amounts, orders and offsets")
    .option("--timeout <ms>", "for each request (default: 10000)")
    .option("--requests <n>", "most requests of the whole run (default: 50000)")
    .option("--rate <n/s>", "most requests a second");
}

targeted(program.command("scan"))
  .description("race a running API, as planned from its OpenAPI document")
  .argument("[document]", "OpenAPI 3 document, YAML or JSON (default: the one that deadheat.yaml names)")
  .option("--trials <n>", "trials a scenario, fixed in advance (default: 60)")
  .option("--thorough", "300 trials a scenario")
  .option("--only <weakness...>", "race nothing else: lost-update, revocation-race, …")
  .option("--format <format>", "console or json", "console")
  .option("--output <directory>", "where reports go (default: .deadheat)")
  .option("--allow-inconclusive", "exit 0 although a planned race could not be judged")
  .addHelpText("after", tokenHelp())
  .action(async (document, options) => {
    const { scanCommand } = await import("./scan.ts");
    process.exitCode = await scanCommand(document, options);
  });

targeted(program.command("replay"))
  .description("run what a proof sent once more, and judge it anew")
  .argument("<file>", "witness file of a scan")
  .option("--document <file>", "default: the one that the proof was made with")
  .option("--trials <n>", "trials, fixed in advance (default: 10)")
  .option("--format <format>", "console or json", "console")
  .option("--output <directory>", "where reports go (default: .deadheat)")
  .addHelpText(
    "after",
    "\nExit codes: 1 still a race, 0 not observed, 3 could not be judged, 2 usage or input.",
  )
  .action(async (file, options) => {
    const { replayCommand } = await import("./replay.ts");
    process.exitCode = await replayCommand(file, options);
  });

targeted(program.command("doctor"))
  .description("say what a scan could judge and what not, and why")
  .argument("[document]", "OpenAPI 3 document (default: the one that deadheat.yaml names)")
  .option("--format <format>", "console or json", "console")
  .action(async (document, options) => {
    const { doctorCommand } = await import("./doctor.ts");
    process.exitCode = await doctorCommand(document, options);
  });

program
  .command("init")
  .description("write a commented deadheat.yaml")
  .argument("<source>", "an OpenAPI 3 document, or the URL of a running API that offers one")
  .option("--output <file>", "default: deadheat.yaml")
  .option("--force", "write over a file that is there")
  .option("--allow <origin...>", "exact origins beyond this machine that may be asked")
  .option("--authorized <statement>", "who permitted it")
  .action(async (source, options) => {
    const { initCommand } = await import("./init.ts");
    process.exitCode = await initCommand(source, options);
  });

program
  .command("check")
  .description("find the check-then-act gap in Django and DRF source code, offline")
  .argument("<path>", "a project, a folder or a file")
  .option("--format <format>", "console, json or sarif", "console")
  .option("--fail-on <status>", "suspected: exit 1 where something of medium or high severity is found")
  .option("--baseline <report>", "a JSON report of an earlier run: what is in it is not told again")
  .option("--all", "also tell of what is low or only for information")
  .option("--tests", "also look at tests")
  .action(async (path, options) => {
    const { checkCommand } = await import("./check.ts");
    process.exitCode = await checkCommand(path, options);
  });

const lab = program
  .command("lab")
  .description("start the embedded lab on a real PostgreSQL server")
  .option("--port <n>", "port to listen on (default: a free one)")
  .option("--think <ms>", "time between check and act")
  .option("--database-latency <ms>", "added to each statement")
  .option("--connections <n>", "database connections of each half")
  .option("--suite <name>", "add the endpoints of a suite: tokens")
  .option("--broken <name>", "put a mistake into the guarded half, to see whether it is found")
  .action(async (options) => {
    const { labCommand } = await import("./lab.ts");
    process.exitCode = await labCommand(options);
  });

lab
  .command("django")
  .description("start the Django lab (Debian's packages); --help shows its own options")
  .allowUnknownOption()
  .allowExcessArguments()
  .helpOption(false)
  .action(async (_options, command) => {
    const { labDjangoCommand } = await import("./lab-django.ts");
    process.exitCode = await labDjangoCommand(command.args);
  });

program
  .command("demo")
  .description("start the lab, scan it, show what was found, stop the lab")
  .option("--seed <text>", "reproduces amounts, orders and offsets")
  .option("--trials <n>", "trials a scenario, fixed in advance", "60")
  .option("--output <directory>", "where reports go", ".deadheat")
  .action(async (options) => {
    const { demoCommand } = await import("./demo.ts");
    process.exitCode = await demoCommand(options);
  });

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
    const { historyCheckCommand } = await import("./history.ts");
    process.exitCode = await historyCheckCommand(file, options);
  });

function tokenHelp(): string {
  return `
Tokens are never arguments. deadheat.yaml says how tokens are had (docs/config.md); without it, set
DEADHEAT_TOKEN to a bearer token of a user made for testing, or leave it unset: then the scan registers
users of its own where the API lets it.

Exit codes: 0 nothing proven, 1 something proven, 2 usage or input, 3 something could not be judged,
130 interrupted.`;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failure(error, { debug: process.argv.includes("--debug"), stderr: process.stderr });
}
