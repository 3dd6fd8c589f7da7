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

/** For commands that look at the API's database through a proxy. */
function viewing(command: Command): Command {
  return command
    .option(
      "--database <url>",
      "the API's PostgreSQL: orders of SQL statements are tried (or DEADHEAT_DATABASE)",
    )
    .option("--proxy-port <n>", "where the API finds the proxy, on 127.0.0.1 (default: a free port)")
    .option(
      "--allow-database <host:port...>",
      "database servers beyond this machine that may be connected to",
    );
}

/** What every command takes that calls the operations of an API document. */
function documented(command: Command, usualTarget = "the document's first server"): Command {
  return targeted(command, usualTarget).option(
    "--opt-in <operation...>",
    "operations that may be called although they may move money or send mail",
  );
}

/** What every command takes that calls a running API. */
function targeted(command: Command, usualTarget: string): Command {
  return command
    .option("--config <file>", "default: deadheat.yaml here, where there is one")
    .option("--target <url>", `origin of the running API (default: ${usualTarget})`)
    .option("--allow <origin...>", "exact origins beyond this machine that may be scanned")
    .option("--authorized <statement>", "who permitted it; goes into the report")
    .option("--seed <text>", "reproduces amounts, orders and offsets")
    .option("--timeout <ms>", "for each request (default: 10000)")
    .option("--requests <n>", "most requests of the whole run (default: 50000)")
    .option("--rate <n/s>", "most requests a second");
}

viewing(documented(program.command("scan")))
  .description("race a running API, as planned from its OpenAPI document")
  .argument(
    "[document]",
    "OpenAPI 3 or Swagger 2.0, YAML or JSON (default: the one that deadheat.yaml names)",
  )
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
    const { raceCommand } = await import("./race.ts");
    process.exitCode = await raceCommand(file, options);
  });

viewing(documented(program.command("interleave")))
  .description("play a pair of requests under every order of their SQL statements with one preemption")
  .argument("[document]", "OpenAPI 3 or Swagger 2.0 (default: the one that deadheat.yaml names)")
  .requiredOption("--operation <operation>", 'against itself and against what ends its token: "POST /path"')
  .option("--only <weakness...>", "play nothing else: lost-update, revocation-race, …")
  .option("--output <directory>", "where the report goes (default: .deadheat)")
  .action(async (document, options) => {
    const { interleaveCommand } = await import("./interleave.ts");
    process.exitCode = await interleaveCommand(document, options);
  });

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
    const { replayCommand } = await import("./replay.ts");
    process.exitCode = await replayCommand(file, options);
  });

documented(program.command("doctor"))
  .description("say what a scan could judge and what not, and why")
  .argument("[document]", "OpenAPI 3 or Swagger 2.0 (default: the one that deadheat.yaml names)")
  .option("--format <format>", "console or json", "console")
  .action(async (document, options) => {
    const { doctorCommand } = await import("./doctor.ts");
    process.exitCode = await doctorCommand(document, options);
  });

program
  .command("init")
  .description("write a commented deadheat.yaml")
  .argument("<source>", "an OpenAPI 3 or Swagger 2.0 document, or the URL of a running API that offers one")
  .option("--output <file>", "default: deadheat.yaml")
  .option("--force", "write over a file that is there")
  .option("--allow <origin...>", "exact origins beyond this machine that may be asked")
  .option("--authorized <statement>", "who permitted it")
  .action(async (source, options) => {
    const { initCommand } = await import("./init.ts");
    process.exitCode = await initCommand(source, options);
  });

program
  .command("plan")
  .description("tell from an OpenAPI document alone what may race and how it would be raced; sends nothing")
  .argument("<document>", "OpenAPI 3 or Swagger 2.0, YAML or JSON")
  .option("--json", "print JSON")
  .option("--mermaid", "print the links as a Mermaid flowchart")
  .option("--all", "also every operation and every link")
  .option("--validate", "also validate the document (needs the package @redocly/openapi-core)")
  .option(
    "--annotate [file]",
    "write what was inferred into the document, or into a copy of it, as x-deadheat",
  )
  .option(
    "--opt-in <operation...>",
    "operations that may be called although they may move money or send mail",
  )
  .action(async (document, options) => {
    const { planCommand } = await import("./plan.ts");
    process.exitCode = await planCommand(document, options);
  });

program
  .command("check")
  .description("find the check-then-act gap in Django and DRF source code, offline")
  .argument("<path>", "a project, a folder or a file")
  .option("--format <format>", "console, json or sarif", "console")
  .option("--fail-on <status>", "suspected: exit 1 where something of medium or high severity is found")
  .option("--baseline <report>", "a JSON report of an earlier run: what is in it is not told again")
  .option("--document <openapi>", "the API's OpenAPI document: findings name its operations")
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
  .option("--suite <name>", "add the endpoints of a suite: tokens or resources")
  .option("--right <name>", "how the guarded half of the suite resources is made right")
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
