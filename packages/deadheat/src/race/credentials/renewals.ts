import type { Clock } from "../../clock.ts";
import type { HttpRequest } from "../exchange.ts";
import { PAST_A_SECOND_MS, type Token } from "../token.ts";

interface Kept {
  /** When another is needed, monotonic ms. */
  due: number;
  token: Token;
  readonly another: () => Promise<Token | undefined>;
  /** Asking for another may itself be a call under the token that ends. */
  asking: boolean;
}

/**
 * Before a token ends another takes its place, after half of a short life: the answer has to arrive in time, and the end
 * may be a second early, ms.
 */
const BEFORE_END_MS = 3000;
/** So often another text is asked for. */
const ATTEMPTS = 3;

/**
 * Tokens that end at a known time, and where the next one of the same principal comes from. A call made alone
 * goes out under one that is valid: a state that is read again seconds later is not "unreadable". Only the
 * clock decides: a token that was revoked stays the one that it is.
 */
export class Renewals {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  /** Those that are to end. */
  readonly #left = new Set<string>();
  #shortestMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has no effect for a token without a known end. */
  keep(token: Token, another: () => Promise<Token | undefined>): void {
    if (token.expires === undefined) return;
    this.#shortestMs = Math.min(this.#shortestMs, token.expires - this.#clock.now());
    const kept = { token, another, due: this.#dueOf(token), asking: false };
    for (const text of carriers(token)) if (!this.#left.has(text)) this.#kept.set(text, kept);
  }

  /** How long the one lives that lives shortest, of all that were issued so far, ms. */
  get shortestMs(): number {
    return this.#shortestMs;
  }

  /**
   * A token that is to end by itself. Whoever signs in twice within a second may be given the same text twice (times of JSON
   * Web Tokens are whole seconds): one that is kept as well would be renewed with it, and never be seen to end.
   */
  async leave(issue: () => Promise<Token | undefined>): Promise<Token | undefined> {
    const isKept = (one: Token) => carriers(one).some((text) => this.#kept.has(text));
    let token = await issue();
    for (let attempt = 1; token && isKept(token) && attempt < ATTEMPTS; attempt++) {
      await this.#clock.sleep(PAST_A_SECOND_MS);
      token = await issue();
    }
    if (token && !isKept(token)) for (const text of carriers(token)) this.#left.add(text);
    return token;
  }

  async current(request: HttpRequest): Promise<HttpRequest> {
    for (const text of Object.values(request.headers)) {
      const kept = this.#kept.get(text);
      if (kept) return under(await this.#valid(kept), request);
    }
    return request;
  }

  async #valid(kept: Kept): Promise<Token> {
    if (kept.asking || this.#clock.now() < kept.due) return kept.token;
    kept.asking = true;
    let token: Token | undefined;
    try {
      token = await kept.another();
    } catch {
      // The call is answered 401 then, which is said where it matters.
    } finally {
      kept.asking = false;
    }
    if (token) kept.token = token;
    kept.due = token ? this.#dueOf(token) : this.#clock.now() + BEFORE_END_MS;
    return kept.token;
  }

  #dueOf({ expires = Number.POSITIVE_INFINITY }: Token): number {
    const life = Math.max(0, expires - this.#clock.now());
    return expires - Math.min(BEFORE_END_MS, life / 2);
  }
}

/** Header values that hold the token: other headers may be the same for all tokens. */
function carriers({ value, headers }: Token): string[] {
  return Object.values(headers).filter((text) => text === value || text.endsWith(` ${value}`));
}

function under(token: Token, request: HttpRequest): HttpRequest {
  return { ...request, headers: { ...request.headers, ...token.headers } };
}
