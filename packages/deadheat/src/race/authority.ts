import type { HttpRequest } from "./exchange.ts";
import type { Fixture } from "./fixture.ts";
import type { Token } from "./token.ts";

/** One case of somebody who may act now, and how that ends. */
export interface AuthorityCase {
  readonly fixture: Fixture;
  /** Under which the call is made; it may not act any more once `end` is acknowledged. */
  readonly actor: Token;
  /** Ends it: a revocation, a demotion, a transfer of ownership; or the time at which it ends by itself, ms. */
  readonly end: HttpRequest | { readonly at: number };
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
  /** The end is known with too wide a margin for a call to be aimed at it: only held bodies reach past it. */
  readonly heldOnly?: true;
  /** Trials at most, where each takes long. */
  readonly mostTrials?: number;
  /** A fresh case. Throws SetupFailed. */
  begin(): Promise<AuthorityCase>;
}
