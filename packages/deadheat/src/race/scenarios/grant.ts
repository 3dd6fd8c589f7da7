import type { Principal } from "../credentials/index.ts";
import type { HttpRequest } from "../exchange.ts";

/** What may be exchanged once: a refresh token, a code (an authorization grant, RFC 6749 §1.3). */
export interface Grant {
  readonly principal: Principal;
  /** Exchanges it: the same request each time. */
  readonly request: HttpRequest;
  /** The exchange as the request of this number makes it, where each asks for something of its own. */
  another?(index: number): HttpRequest;
}

/** What the answers to one grant gave, told by what works now, not by what was answered. */
export interface Count {
  /** Of each answer: what it gave works, and no earlier answer gave the same. */
  readonly lives: readonly boolean[];
  /** In words: `2 refresh tokens live`. */
  readonly words: string;
  /** Why more may live than could be told apart. */
  readonly doubt?: string;
  /** How many of those that lived still do; `undefined` where that cannot be told. */
  again(): Promise<number | undefined>;
}

export function livesIn(count: Count | undefined): number {
  return count?.lives.filter(Boolean).length ?? 0;
}
