import { Agent, type Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import { DeadheatError } from "../errors.ts";
import { type Exchange, type HttpRequest, parseJson } from "./exchange.ts";
import type { Target } from "./target.ts";

const IDLE_MS = 500;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Counts every request that leaves, whatever sends it. */
export interface RequestBudget {
  readonly limit: number;
  spent: number;
}

/** Thrown when the request budget of a scan is used up. */
export class BudgetSpent extends Error {}

export function spend(budget: RequestBudget, count: number): void {
  if (budget.spent + count > budget.limit)
    throw new BudgetSpent(`the budget of ${budget.limit} requests is used up`);
  budget.spent += count;
}

/** Set-up and observation calls: ordinary requests, one at a time, never redirected, never retried. */
export class Session {
  readonly #agent: Agent;
  readonly #target: Target;
  readonly #clock: Clock;
  readonly #budget: RequestBudget;
  readonly #signal: AbortSignal;
  readonly #timeoutMs: number;

  constructor(options: {
    readonly target: Target;
    readonly clock: Clock;
    readonly budget: RequestBudget;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  }) {
    this.#target = options.target;
    this.#clock = options.clock;
    this.#budget = options.budget;
    this.#signal = options.signal;
    this.#timeoutMs = options.timeoutMs;
    const { address, family } = options.target;
    this.#agent = new Agent({
      connections: 16,
      // Shorter than any server's: a connection that the server is about to close must not be used again,
      // since nothing is sent twice.
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      connect: {
        // The pinned address, whatever the name says by now.
        lookup: (_hostname, lookupOptions, callback) =>
          lookupOptions.all ? callback(null, [{ address, family }]) : callback(null, address, family),
      },
    });
  }

  async send(request: HttpRequest): Promise<Exchange> {
    this.#signal.throwIfAborted();
    spend(this.#budget, 1);
    const invoke = this.#clock.now();
    try {
      const answer = await this.#agent.request({
        origin: this.#target.origin,
        method: request.method as Dispatcher.HttpMethod,
        path: request.path,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: this.#timeoutMs,
        bodyTimeout: this.#timeoutMs,
        signal: this.#signal,
      });
      const text = await readText(answer.body);
      return {
        request,
        invoke,
        return: this.#clock.now(),
        status: answer.statusCode,
        headers: singleValues(answer.headers),
        body: parseJson(text),
      };
    } catch (cause) {
      this.#signal.throwIfAborted();
      return { request, invoke, headers: {}, body: undefined, failure: failureOf(cause) };
    }
  }

  /** Fails with a DeadheatError where nothing listens, before anything else is tried. */
  async assertReachable(path: string): Promise<void> {
    const exchange = await this.send({ method: "GET", path, headers: { accept: "application/json" } });
    if (exchange.status !== undefined) return;
    throw new DeadheatError(
      "target-unreachable",
      `${this.#target.origin} does not answer (${exchange.failure})`,
      "Start the API first, or correct --target; `deadheat lab` starts one to try.",
    );
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error("body-too-large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function singleValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

export function failureOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  return code ?? message ?? "failed";
}
