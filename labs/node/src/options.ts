import { parseArgs } from "node:util";
import { BREAKS, type BreakName } from "./broken/index.ts";
import type { LabOptions } from "./index.ts";
import type { MailServer } from "./mail.ts";
import { SUITES, type SuiteName } from "./suites/index.ts";
import { WAYS, type WayName } from "./suites/resources/ways/index.ts";

export const USAGE = `usage: deadheat-lab [options]

  --port N               listen on 127.0.0.1:N (default: a free port)
  --think MS             time between check and act in each handler (default: 20)
  --database-latency MS  extra time that each SQL statement takes (default: 0)
  --connections N        database connections of each half (default: 25)
  --suite NAME           add the endpoints of a suite: ${Object.keys(SUITES).join(", ")}
  --right NAME           how the guarded half of the suite resources is made right, where that makes sense:
                         ${Object.keys(WAYS).join(", ")}
                         (default: each of its endpoints in its own way)
  --mail HOST:PORT       where mail is sent, on this machine (default: nowhere)
  --broken NAME          put a mistake into the guarded half, to see whether it is found:
                         ${Object.keys(BREAKS).join(",\n                         ")}
  --json                 print one line of JSON when ready
  --owner-pipe           stop when standard input ends
  --help
`;

export class UsageError extends Error {}

export interface CliOptions {
  readonly lab: LabOptions;
  readonly json: boolean;
  readonly ownerPipe: boolean;
}

export function parseOptions(args: readonly string[]): CliOptions | "help" {
  const values = read(args);
  if (values.help) return "help";
  return {
    lab: {
      port: integer(values.port, "--port", 0, 65_535),
      think: integer(values.think, "--think", 0, 60_000),
      databaseLatency: integer(values["database-latency"], "--database-latency", 0, 60_000),
      connections: integer(values.connections, "--connections", 1, 500),
      suites: values.suite.map(suiteName),
      ...(values.right === undefined ? {} : { right: wayName(values.right) }),
      ...(values.mail === undefined ? {} : { mail: mailServer(values.mail) }),
      ...(values.broken === undefined ? {} : { broken: breakName(values.broken) }),
    },
    json: values.json,
    ownerPipe: values["owner-pipe"],
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "0" },
        think: { type: "string", default: "20" },
        "database-latency": { type: "string", default: "0" },
        connections: { type: "string", default: "25" },
        suite: { type: "string", multiple: true, default: [] as string[] },
        right: { type: "string" },
        mail: { type: "string" },
        broken: { type: "string" },
        json: { type: "boolean", default: false },
        "owner-pipe": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function breakName(text: string): BreakName {
  if (Object.hasOwn(BREAKS, text)) return text as BreakName;
  throw new UsageError(`--broken takes one of ${Object.keys(BREAKS).join(", ")}, not "${text}"`);
}

function suiteName(text: string): SuiteName {
  if (Object.hasOwn(SUITES, text)) return text as SuiteName;
  throw new UsageError(`--suite takes one of ${Object.keys(SUITES).join(", ")}, not "${text}"`);
}

function wayName(text: string): WayName {
  if (Object.hasOwn(WAYS, text)) return text as WayName;
  throw new UsageError(`--right takes one of ${Object.keys(WAYS).join(", ")}, not "${text}"`);
}

/** Of this machine only: what the lab sends holds codes that let somebody in. */
function mailServer(text: string): MailServer {
  const [, host, port] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d+)$/.exec(text) ?? [];
  if (host === undefined) {
    throw new UsageError(`--mail takes 127.0.0.1:PORT, localhost:PORT or [::1]:PORT, not "${text}"`);
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: integer(port!, "--mail", 1, 65_535) };
}

function integer(text: string, option: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not "${text}"`);
}
