/** One HTTP request, complete but for the connection. */
export interface HttpRequest {
  readonly method: string;
  /** Scheme, host and port where that is not the target: a step of a recipe of the user's. */
  readonly origin?: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request and what became of it. Times are monotonic milliseconds of one process. */
export interface Exchange {
  readonly request: HttpRequest;
  /** Stamped before the first byte left. */
  readonly invoke: number;
  /** Stamped when the first byte of the answer arrived, where that was watched. */
  readonly began?: number;
  /** Stamped after the last byte arrived; absent where no complete answer came. */
  readonly return?: number;
  /** Absent where no complete answer came. */
  readonly status?: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body; `undefined` where it is not JSON. */
  readonly body: unknown;
  /** Why there is no complete answer: `timeout`, `ECONNRESET`, … */
  readonly failure?: string;
}

export function succeeded(exchange: Exchange): boolean {
  return exchange.status !== undefined && exchange.status >= 200 && exchange.status < 300;
}

/** An answer that refuses: 4xx, but not "later" (408, 425, 429), which says nothing about the state. */
export function refused(exchange: Exchange): boolean {
  const { status } = exchange;
  return status !== undefined && status >= 400 && status < 500 && ![408, 425, 429].includes(status);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
