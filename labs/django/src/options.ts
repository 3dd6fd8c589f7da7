import { parseArgs } from "node:util";

export const ISOLATIONS = ["read-committed", "repeatable-read", "serializable"] as const;
export const DATABASES = ["postgres", "sqlite"] as const;
export const SERVERS = ["gunicorn", "uvicorn"] as const;
/** `h2`: HTTP/2 over TLS; `h2c`: HTTP/2 in clear, with prior knowledge. */
export const FRONTS = ["none", "http1", "h2", "h2c"] as const;

/** What can be switched. */
export interface LabSwitches {
  readonly database: (typeof DATABASES)[number];
  readonly isolation: (typeof ISOLATIONS)[number];
  readonly atomicRequests: boolean;
  /** Milliseconds between check and act in every handler that changes something. */
  readonly think: number;
  readonly server: (typeof SERVERS)[number];
  readonly workers: number;
  /** Of each worker; uvicorn has none of its own, Django's synchronous views share one. */
  readonly threads: number;
  /** What stands before the server: nginx, or nothing. */
  readonly front: (typeof FRONTS)[number];
  /** Whether nginx, where it stands in front, waits for a request's last byte before it passes on the first. */
  readonly requestBuffering: boolean;
  /** 0: a free one. */
  readonly port: number;
  /** A Python interpreter that has Django and the rest. */
  readonly python: string;
  /** Whether missing packages of Debian's are installed, where that can be done. */
  readonly install: boolean;
}

export const DEFAULTS: LabSwitches = {
  database: "postgres",
  isolation: "read-committed",
  atomicRequests: false,
  think: 20,
  server: "gunicorn",
  workers: 2,
  threads: 8,
  front: "none",
  requestBuffering: true,
  port: 0,
  python: "/usr/bin/python3",
  install: true,
};

export const USAGE = `usage: deadheat-lab-django [options]

  --database NAME        ${DATABASES.join(" or ")} (default: ${DEFAULTS.database})
  --isolation LEVEL      ${ISOLATIONS.join(", ")} (default: ${DEFAULTS.isolation})
  --atomic-requests      ATOMIC_REQUESTS = True
  --think MS             time between check and act in each handler (default: ${DEFAULTS.think})
  --server NAME          ${SERVERS.join(" or ")} (default: ${DEFAULTS.server})
  --workers N            processes (default: ${DEFAULTS.workers})
  --threads N            threads of each process (default: ${DEFAULTS.threads})
  --front NAME           nginx in front: ${FRONTS.join(", ")} (default: ${DEFAULTS.front})
  --no-request-buffering nginx passes a request on before all of it is there
  --port N               listen on 127.0.0.1:N (default: a free port)
  --python FILE          an interpreter that has Django and the rest (default: ${DEFAULTS.python})
  --no-install           do not install missing packages
  --json                 print one line of JSON when ready
  --log                  pass the servers' own log on to standard error
  --owner-pipe           stop when standard input ends
  --help
`;

export class UsageError extends Error {}

export interface CliOptions {
  readonly switches: LabSwitches;
  readonly json: boolean;
  readonly log: boolean;
  readonly ownerPipe: boolean;
}

export function parseOptions(args: readonly string[]): CliOptions | "help" {
  const values = read(args);
  if (values.help) return "help";
  return {
    switches: {
      database: oneOf(values.database, "--database", DATABASES, DEFAULTS.database),
      isolation: oneOf(values.isolation, "--isolation", ISOLATIONS, DEFAULTS.isolation),
      atomicRequests: values["atomic-requests"] ?? DEFAULTS.atomicRequests,
      think: integer(values.think, "--think", 0, 60_000, DEFAULTS.think),
      server: oneOf(values.server, "--server", SERVERS, DEFAULTS.server),
      workers: integer(values.workers, "--workers", 1, 16, DEFAULTS.workers),
      threads: integer(values.threads, "--threads", 1, 64, DEFAULTS.threads),
      front: oneOf(values.front, "--front", FRONTS, DEFAULTS.front),
      requestBuffering: !values["no-request-buffering"],
      port: integer(values.port, "--port", 0, 65_535, DEFAULTS.port),
      python: values.python ?? DEFAULTS.python,
      install: !values["no-install"],
    },
    json: values.json ?? false,
    log: values.log ?? false,
    ownerPipe: values["owner-pipe"] ?? false,
  };
}

/** The same switches as arguments, for a process of their own. */
export function toArguments(switches: Partial<LabSwitches>): string[] {
  const args: string[] = [];
  for (const name of ["database", "isolation", "think", "server", "workers", "threads"] as const)
    if (switches[name] !== undefined) args.push(`--${name}`, String(switches[name]));
  for (const name of ["front", "port", "python"] as const)
    if (switches[name] !== undefined) args.push(`--${name}`, String(switches[name]));
  if (switches.atomicRequests) args.push("--atomic-requests");
  if (switches.requestBuffering === false) args.push("--no-request-buffering");
  if (switches.install === false) args.push("--no-install");
  return args;
}

function read(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ database: text, isolation: text, think: text, server: text, workers: text, threads: text },
        ...{ front: text, port: text, python: text },
        ...{ "atomic-requests": flag, "no-request-buffering": flag, "no-install": flag },
        ...{ json: flag, log: flag, "owner-pipe": flag },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function oneOf<T extends string>(
  text: string | undefined,
  option: string,
  all: readonly T[],
  fallback: T,
): T {
  if (text === undefined) return fallback;
  const found = all.find((one) => one === text);
  if (found === undefined) throw new UsageError(`${option} takes ${all.join(", ")}, not "${text}"`);
  return found;
}

function integer(
  text: string | undefined,
  option: string,
  least: number,
  most: number,
  fallback: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not "${text}"`);
}
