import { Agent, type Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import { DeadheatError } from "../errors.ts";
import type { Renewals } from "./credentials/renewals.ts";
import { type Exchange, type HttpRequest, parseJson } from "./exchange.ts";
import type { Inventory } from "./inventory.ts";
import { type Pacing, type RequestBudget, retryAfterMs, spend } from "./pacing.ts";
import type { Target } from "./target.ts";

const IDLE_MS = 500;
const ATTEMPTS = 3;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Set-up and observation calls: ordinary requests, one at a time, never redirected, not sent twice. */
export class Session {
  readonly #agent: Agent;
  readonly #target: Target;
  readonly #clock: Clock;
  readonly #budget: RequestBudget;
  readonly #signal: AbortSignal;
  readonly #timeoutMs: number;
  readonly #pacing: Pacing;
  readonly #renewals: Renewals | undefined;
  readonly #inventory: Inventory | undefined;

  constructor(options: {
    readonly target: Target;
    readonly clock: Clock;
    readonly budget: RequestBudget;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
    readonly pacing: Pacing;
    readonly renewals?: Renewals;
    readonly inventory?: Inventory;
  }) {
    this.#target = options.target;
    this.#clock = options.clock;
    this.#budget = options.budget;
    this.#signal = options.signal;
    this.#timeoutMs = options.timeoutMs;
    this.#pacing = options.pacing;
    this.#renewals = options.renewals;
    this.#inventory = options.inventory;
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

  async send(asked: HttpRequest): Promise<Exchange> {
    this.#signal.throwIfAborted();
    const request = (await this.#renewals?.current(asked)) ?? asked;
    await this.#pacing.before();
    spend(this.#budget, 1);
    const exchange = await this.#send(request);
    this.#pacing.after(exchange);
    this.#inventory?.saw(exchange);
    return exchange;
  }

  /** For set-up calls: one that was answered "later" was not done, and is made again when it may be. */
  async sendPatiently(request: HttpRequest): Promise<Exchange> {
    for (let attempt = 1; ; attempt++) {
      const exchange = await this.send(request);
      if (retryAfterMs(exchange) === undefined || attempt === ATTEMPTS) return exchange;
    }
  }

  async #send(request: HttpRequest): Promise<Exchange> {
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
