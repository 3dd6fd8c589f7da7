import { setMaxListeners } from "node:events";
import { Agent, type Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import { DeadheatError } from "../errors.ts";
import { answered, MOST_BODY_BYTES, singleValues, tooLarge } from "./answer.ts";
import { type ConnectOptions, connect } from "./connection.ts";
import type { Renewals } from "./credentials/renewals.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import type { Inventory } from "./inventory.ts";
import { type ForwardProxy, proxyName } from "./network.ts";
import { type Pacing, type RequestBudget, retryAfterMs, spend } from "./pacing.ts";
import type { Target } from "./target.ts";

const IDLE_MS = 500;
const ATTEMPTS = 3;

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
    // Each request under way listens to it, also to that of the cleaning up; more than ten are no leak.
    setMaxListeners(0, options.signal);
    this.#timeoutMs = options.timeoutMs;
    this.#pacing = options.pacing;
    this.#renewals = options.renewals;
    this.#inventory = options.inventory;
    this.#agent = agentFor(options.target, options);
  }

  async send(asked: HttpRequest): Promise<Exchange> {
    this.#signal.throwIfAborted();
    await this.#renewals?.current(asked);
    await this.#pacing.before();
    // Chosen once it may leave: while it waited for that, its token may have come to its end.
    const request = (await this.#renewals?.current(asked)) ?? asked;
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
    // Of the whole answer: one that goes on in drops is none either.
    this.#signal.throwIfAborted();
    const over = new AbortController();
    const limit = setTimeout(() => over.abort(new Error("timeout")), this.#timeoutMs);
    const interrupted = () => over.abort(this.#signal.reason);
    this.#signal.addEventListener("abort", interrupted, { once: true });
    try {
      const answer = await this.#agent.request({
        origin: this.#target.origin,
        method: request.method as Dispatcher.HttpMethod,
        path: request.path,
        headers: headersOf(request),
        body: request.body ?? null,
        signal: over.signal,
      });
      const bytes = await readBytes(answer.body);
      return await answered({
        request,
        invoke,
        return: this.#clock.now(),
        status: answer.statusCode,
        headers: singleValues(answer.headers),
        bytes,
      });
    } catch (cause) {
      this.#signal.throwIfAborted();
      return { request, invoke, headers: {}, body: undefined, failure: failureOf(cause) };
    } finally {
      clearTimeout(limit);
      this.#signal.removeEventListener("abort", interrupted);
    }
  }

  /** Fails with a DeadheatError where nothing listens, before anything else is tried. */
  async assertReachable(path: string): Promise<void> {
    const exchange = await this.send({ method: "GET", path, headers: { accept: "application/json" } });
    if (exchange.status !== undefined) return;
    throw unreachable(this.#target, exchange.failure ?? "");
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Connects to the pinned address, whatever the name says by now, by the same way as bursts. */
export function agentFor(target: Target, options: Pick<ConnectOptions, "signal" | "timeoutMs">): Agent {
  return new Agent({
    connections: 16,
    // Shorter than any server's: a connection that the server is about to close must not be used again,
    // since nothing is sent twice.
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: (_asked, callback) => {
      connect(target, { ...options, protocol: "http/1.1" }).then(
        (socket) => callback(null, socket),
        (cause) => callback(cause, null),
      );
    },
  });
}

/** How a body travels is the connection's affair: undici frames it itself. */
function headersOf({ headers }: HttpRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(transfer-encoding|content-length)$/i.test(name)),
  );
}

async function readBytes(body: Dispatcher.ResponseData["body"]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `usual` is the hint where nothing better is known from the failure. */
export function unreachable(
  { origin, network }: Target,
  failure: string,
  usual = "Start the API first, or correct --target; `deadheat lab` starts one to try.",
): DeadheatError {
  const message = `${origin} does not answer (${failure})`;
  return new DeadheatError("target-unreachable", message, hintFor(failure, network?.proxy) ?? usual);
}

function hintFor(failure: string, proxy: ForwardProxy | undefined): string | undefined {
  if (failure === "CERT_HAS_EXPIRED")
    return "Renew its certificate (or look at this machine's clock); --insecure goes on without checking.";
  // OpenSSL's reasons (X509_verify_cert_error_string), and Node.js's own for a name that does not match.
  if (/CERT|SELF_SIGNED|UNABLE_TO|CRL/.test(failure))
    return "Give the authority that signed its certificate with --ca FILE, and the name it is for with --server-name.";
  if (/^ERR_SSL|^EPROTO/.test(failure))
    return "TLS could not be set up: check http or https in --target, and --cert and --key where it asks for them.";
  if (proxy) return `Check the proxy ${proxyName(proxy)}, and that it may connect to the target.`;
  return undefined;
}

export function failureOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  return code ?? message ?? "failed";
}
