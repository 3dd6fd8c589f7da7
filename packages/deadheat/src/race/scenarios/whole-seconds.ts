import type { RaceContext } from "../context.ts";
import { parseJwt } from "../controls/jwt/compact.ts";
import { PAST_A_SECOND_MS } from "../token.ts";

/**
 * JSON Web Tokens tell their times in whole seconds, as nearly all write NumericDate (RFC 7519 §2): two of one user that are
 * issued within one second, without a `jti`, are the same text. A server that gives such a one may have given a new token,
 * and nobody can see it.
 */
export function mayRepeat(token: string): boolean {
  const jwt = parseJwt(token);
  return jwt !== undefined && jwt.claims.jti === undefined;
}

/** What is issued from now on differs from what was issued before. */
export async function nextSecond({ clock, signal }: RaceContext): Promise<void> {
  await clock.sleep(PAST_A_SECOND_MS, signal);
}

/** Why the tokens of some answers may be more than they seem; `undefined` where they may not. */
export function doubtOf(tokens: readonly (string | undefined)[]): string | undefined {
  const timed = tokens.filter((one) => one !== undefined && mayRepeat(one));
  return new Set(timed).size < timed.length
    ? "answers of one second hold the same JSON Web Token, without a jti: whether one or several were issued cannot be told"
    : undefined;
}

const AT_ONCE = 8;

/** Makes things that are not ready before the next second: several at once where one does not end another. */
export class Ripening<T> {
  readonly #context: RaceContext;
  readonly #make: () => Promise<T>;
  readonly #many: number;
  #ready: T[] = [];

  constructor(context: RaceContext, make: () => Promise<T>, independent: boolean) {
    this.#context = context;
    this.#make = make;
    this.#many = independent ? AT_ONCE : 1;
  }

  async next(): Promise<T> {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    for (let index = 0; index < this.#many; index++) this.#ready.push(await this.#make());
    await nextSecond(this.#context);
    return this.#ready.shift() as T;
  }
}
