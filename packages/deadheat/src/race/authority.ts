import type { HttpRequest } from "./exchange.ts";
import type { Fixture } from "./fixture.ts";
import type { Token } from "./token.ts";

/** An end that comes by itself; monotonic ms. */
export interface OwnEnd {
  /** It has come by then. */
  readonly at: number;
  /** It has not come before then. Who was refused later may have been refused for it. */
  readonly from: number;
  /** It comes about then; absent where that is not known well enough for a call to be aimed at it. */
  readonly about?: number;
  /** How much earlier calls have to leave than would be thought: shared by all trials, and learned by them. */
  readonly aim?: { earlierMs: number };
}

/** One case of somebody who may act now, and how that ends. */
export interface AuthorityCase {
  readonly fixture: Fixture;
  /** Under which the call is made; it may not act any more once `end` is acknowledged. */
  readonly actor: Token;
  /**
   * Ends it: a revocation (at another origin, maybe), a demotion, a transfer of ownership; or the time by which it has
   * ended by itself, ms, and about when it does so.
   */
  readonly end: HttpRequest | OwnEnd;
  /** Read the state before and after the end. Neither is touched by it. */
  readonly readsBefore: Token;
  /** Where a principal has one token only, it is had by signing in again once the first has ended. */
  readonly readsAfter: Token | (() => Promise<Token>);
  /** May call as well, before and after the end; absent where nobody can. */
  readonly partner?: Token;
  /** The same principals, another object; after the end where it can still be made. */
  renew(): Promise<Fixture>;
}

/** What lets a call through, for one operation. */
export interface Authority {
  /** The operation that ends it: `POST /logout`. */
  readonly endedBy: string;
  /** What it does, for pictures: `revoke token A`. */
  readonly does: string;
  /** Who calls and who reads, for pictures: `with token A`, `as the new owner`. */
  readonly caller: string;
  readonly reader: string;
  /** What may not happen, as one sentence. */
  readonly summary: string;
  /** A case lasts for some time: trials may run side by side, so many at once. */
  readonly atOnce?: number;
  /** Ends by itself: calls are held past the end, and where it is known well enough they leave across it. */
  readonly byItself?: "held" | "held and across";
  /** What ends it takes more than a token from its user, who rightly is refused afterwards: an object, a role, the account. */
  readonly takesMore?: boolean;
  /** Trials at most, where each takes long. */
  readonly mostTrials?: number;
  /** A fresh case. Throws SetupFailed. */
  begin(): Promise<AuthorityCase>;
}
