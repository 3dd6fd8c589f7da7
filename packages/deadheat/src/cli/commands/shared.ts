import type { Command } from "commander";

/** For commands that look at the API's database through a proxy. */
export function viewing(command: Command): Command {
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
export function documented(command: Command, usualTarget = "the document's first server"): Command {
  return targeted(command, usualTarget).option(
    "--opt-in <operation...>",
    "operations that may be called although they may move money or send mail",
  );
}

/** What every command takes that calls a running API. */
export function targeted(command: Command, usualTarget: string): Command {
  return networked(
    command
      .option("--config <file>", "default: deadheat.yaml here, where there is one")
      .option("--target <url>", `origin of the running API (default: ${usualTarget})`)
      .option("--allow <origin...>", "exact origins beyond this machine that may be scanned")
      .option("--authorized <statement>", "who permitted it; goes into the report")
      .option("--seed <text>", "reproduces amounts, orders and offsets")
      .option("--timeout <ms>", "for each request (default: 10000)")
      .option("--requests <n>", "most requests of the whole run (default: 50000)")
      .option("--rate <n/s>", "most requests a second"),
  );
}

/** How connections to the API are made. */
export function networked(command: Command): Command {
  return command
    .option("--ca <file>", "authorities that are trusted beside the usual ones, PEM")
    .option("--cert <file>", "this client's certificate, PEM; with --key")
    .option("--key <file>", "its private key, PEM")
    .option("--server-name <name>", "asked for in place of the target's own name (SNI)")
    .option("--insecure", "do not check certificates; every report says so")
    .option("--proxy <url>", "http://, https:// or socks5://; with credentials only in DEADHEAT_PROXY");
}

/** For an option that may be given several times: a variadic one would take the arguments behind it as well. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
