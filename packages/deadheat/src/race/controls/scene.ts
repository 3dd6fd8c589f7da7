import { createHash } from "node:crypto";
import type { RecordedExchange } from "../../findings/evidence.ts";
import type { Act } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import type { Credentials, Principal } from "../credentials/index.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import type { Fixture } from "../fixture.ts";
import { Pacing } from "../pacing.ts";
import { Session } from "../session.ts";
import type { Carrier, Presented } from "./presented.ts";

/** One security scheme under test, and who is there to test it. */
export interface Scene {
  readonly context: RaceContext;
  readonly credentials: Credentials;
  readonly scheme: string;
  readonly carrier: Carrier;
  /** Its token is good. */
  readonly owner: Principal;
  /** Somebody else with a good token; absent where there is nobody. */
  readonly other?: Principal;
  readonly caller: Caller;
  /** A number for a body: another one each time, so that a value that is set is another one, too. */
  amount(): number;
}

const MOST_AMOUNT = 60;

/** Numbers from 2 on, and again from 2 after many. */
export function amounts(): () => number {
  let count = 0;
  return () => 2 + (count++ % MOST_AMOUNT);
}

/** Sends exactly what it is given: a token that ended is not replaced by a new one on the way. */
export class Caller {
  readonly #session: Session;
  readonly #pacing: Pacing;
  readonly #salt: string;

  constructor({ target, clock, budget, signal, timeoutMs, pacing, uuid }: RaceContext) {
    // A server that answers rubbish with 500 is not in trouble; how fast requests leave is the scan's own pacing's.
    const own = new Pacing({ clock, signal });
    this.#session = new Session({ target, clock, budget, signal, timeoutMs, pacing: own });
    this.#pacing = pacing;
    this.#salt = uuid();
  }

  async send(request: HttpRequest): Promise<Exchange> {
    await this.#pacing.before();
    const exchange = await this.#session.send(request);
    this.#pacing.later(exchange);
    return exchange;
  }

  /** The same for the same token in one scan, and of no use to anybody. */
  fingerprint(token: string): string {
    return createHash("sha256").update(`${this.#salt} ${token}`).digest("hex").slice(0, 8);
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

/** The call of an operation with whatever is presented in place of the token. */
export function callWith(
  { context, amount }: Pick<Scene, "context" | "amount">,
  act: Act,
  fixture: Fixture,
  presented: Pick<Presented, "headers" | "query">,
): HttpRequest {
  const token = { value: "", headers: presented.headers };
  // Also what may be called by nobody is called under a token here.
  const guarded = { ...act, operation: { ...act.operation, open: false } };
  const request = call(context, guarded, fixture, amountsOf(act, amount()), token);
  if (!presented.query) return request;
  const query = new URLSearchParams(presented.query).toString();
  return { ...request, path: `${request.path}${request.path.includes("?") ? "&" : "?"}${query}` };
}

/** An exchange as it may be shown. */
export function recorded(
  { carrier, caller }: Pick<Scene, "carrier" | "caller">,
  { request, status }: Exchange,
  does: string,
  shows?: string,
): RecordedExchange {
  const lines = Object.entries(request.headers).filter(([name]) => name.toLowerCase() === carrier.header);
  const credential = lines.map(([, text]) => `${carrier.header}: ${masked(carrier, caller, text)}`);
  const [path = "", query = ""] = request.path.split("?");
  const asked = new URLSearchParams(query);
  const token = asked.get("access_token");
  if (token !== null) asked.set("access_token", `[${caller.fingerprint(token)}]`);
  return {
    does,
    method: request.method,
    path: query === "" ? path : `${path}?${decodeURIComponent(asked.toString())}`,
    credential: credential.join("; ") || "none",
    ...(status === undefined ? {} : { status }),
    ...(shows === undefined ? {} : { shows }),
  };
}

function masked({ keyword }: Carrier, caller: Caller, text: string): string {
  const [word = "", ...rest] = text.split(" ");
  if (rest.length === 0)
    return word.toLowerCase() === keyword.toLowerCase() ? word : `[${caller.fingerprint(word)}]`;
  return `${word} [${caller.fingerprint(rest.join(" "))}]`;
}
