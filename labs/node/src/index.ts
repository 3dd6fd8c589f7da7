import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { buildApp, DOCUMENT } from "./app.ts";
import type { BreakName } from "./broken/index.ts";
import type { Database } from "./database/pool.ts";
import { LabError } from "./errors.ts";
import { type Half, openHalf } from "./half.ts";
import { guardedLayers, racyLayers } from "./layers.ts";
import { type Postgres, type StartOptions, startPostgres } from "./postgres/index.ts";
import { listenable } from "./server/listen.ts";
import { SUITES, type SuiteName } from "./suites/index.ts";
import type { SuiteOptions } from "./suites/suite.ts";

export type { BreakName } from "./broken/index.ts";
export { LabError } from "./errors.ts";
export type { MailServer } from "./mail.ts";
export type { SuiteName } from "./suites/index.ts";
export type { WayName } from "./suites/resources/ways/index.ts";

export interface LabOptions extends StartOptions, SuiteOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Milliseconds between check and act. Default: 20. */
  readonly think?: number;
  /** Milliseconds that each statement takes longer. Default: 0. */
  readonly databaseLatency?: number;
  /** Database connections of each half. Default: 25. */
  readonly connections?: number;
  /** Endpoints to add, each suite with an API document of its own. Default: none. */
  readonly suites?: readonly SuiteName[];
  /** A mistake to put into the guarded half, for tests that a scanner finds it. Default: none. */
  readonly broken?: BreakName;
  /** Receives what went wrong inside of a request that was answered with a 5xx. */
  readonly onFault?: (error: Error) => void;
}

export interface Lab {
  readonly url: string;
  /** The file of the API document. */
  readonly document: string;
  /** The same for each suite that was asked for. */
  readonly suiteDocuments: readonly string[];
  /** `PostgreSQL 15.18`. */
  readonly database: string;
  readonly source: Postgres["source"];
  /** Settles when the database is gone, with or without `stop`. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

const CONNECTIONS = 25;
/** A request in flight may hold its connection; stopping the server ends both. */
const DRAIN_MS = 200;

/** Starts the lab on a throw-away PostgreSQL, listening on the loopback interface only. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { port = 0, connections = CONNECTIONS } = options;
  // Before the seconds that a database takes.
  await listenable(port);
  const chosen = (options.suites ?? []).map((name) => SUITES[name]);
  // Meanwhile: they may have keys to make.
  const loading = Promise.all(chosen.map((suite) => suite.load(options)));
  loading.catch(() => {});
  const postgres = await startPostgres({ ...options, maxConnections: 2 * connections + 10 });
  const open: Database[] = [];
  let app: FastifyInstance | undefined;
  const stop = async () => {
    await app?.close();
    await Promise.all(open.map((database) => database.close(DRAIN_MS)));
    await postgres.stop();
  };
  try {
    const suites = await loading;
    const checksFirst = await connect("racy", postgres.url, options, open);
    const oneTransaction = await connect("guarded", postgres.url, options, open);
    const racy = await racyLayers(checksFirst, suites);
    const guarded = await guardedLayers(oneTransaction, options.broken, suites);
    const suiteDocuments = chosen.map(({ document }) => document);
    const documents = [DOCUMENT, ...suiteDocuments];
    app = buildApp({ racy, guarded }, documents, options.onFault ?? (() => {}));
    await app
      .listen({ host: "127.0.0.1", port })
      .catch((error) => listenable(port).then(() => Promise.reject(error)));
    options.signal?.throwIfAborted();
    const { port: bound } = app.server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${bound}`,
      document: DOCUMENT,
      suiteDocuments,
      database: `PostgreSQL ${postgres.version}`,
      source: postgres.source,
      closed: postgres.closed,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(
  name: "racy" | "guarded",
  url: string,
  options: LabOptions,
  open: Database[],
): Promise<Half> {
  const { think = 20, connections = CONNECTIONS, databaseLatency: latency = 0 } = options;
  const prefix = name === "racy" ? "dhr" : "dhg";
  const half = { url, schema: name, prefix, connections, think, latency };
  return openHalf(half, (database) => open.push(database)).catch((error: Error) => {
    if (!/too many|remaining connection slots/.test(error.message)) throw error;
    throw new LabError("too-many-connections", `the server refused ${connections} connections`, {
      cause: error,
    });
  });
}
