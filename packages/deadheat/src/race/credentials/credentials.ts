import type { Clock } from "../../clock.ts";
import type { Operation } from "../../plan/operation.ts";
import type { HttpRequest } from "../exchange.ts";
import type { Inventory } from "../inventory.ts";
import type { Session } from "../session.ts";
import type { Token } from "../token.ts";
import type { Renewals } from "./renewals.ts";

/** Who a token speaks for. */
export interface Principal {
  readonly token: Token;
  /** Another token of the same principal, unaffected by what happens to the first; absent where none can be had. */
  login?(): Promise<Token | undefined>;
  /** A token that ends by itself, soon where the API lets one choose; it is not renewed. */
  brief?(seconds: number): Promise<Token | undefined>;
  /**
   * Signs in with another password than its own: `undefined` where that is refused. Throws SetupFailed where the
   * answer tells neither; absent where signing in takes no password.
   */
  signInWith?(password: string): Promise<Token | undefined>;
  /** What the API answered when the principal was made, by operation id. */
  readonly answers: ReadonlyMap<string, unknown>;
  /** What it is called by (user name, e-mail address), by the name of the place where it was sent; no secrets. */
  readonly registered?: Readonly<Record<string, string>>;
  /** Exchanges a refresh token as the user's recipe does it: with the client's id and secret, for example. */
  renewal?(refreshToken: string): HttpRequest;
  /** The request that ends a token, as the user's recipe does it. Throws SetupFailed. */
  revocation?(token: Token): Promise<HttpRequest>;
}

export interface RevocationRecipe {
  /** `POST /oauth/revoke`. */
  readonly name: string;
  /** It names the refresh token: the access token may rightly outlive that (RFC 7009 §2.1). */
  readonly ofRefreshToken: boolean;
}

/** A source of principals under one security scheme. */
export interface Credentials {
  /**
   * A principal whose token works now. A new one each time where `fresh`; else the same one, of several
   * the one numbered `user`. Throws SetupFailed.
   */
  mint(user?: number): Promise<Principal>;
  /** Every `mint` gives a new principal, made by the scan. */
  readonly fresh: boolean;
  /** After a token was ended another can be had: a scenario may burn one. */
  readonly renewable: boolean;
  /** A second token of one principal can be had. */
  readonly secondToken: boolean;
  /** Different principals that can be had. */
  readonly users: number;
  /** What `revocation` of each principal sends; absent where there is none. */
  readonly revokedBy?: RevocationRecipe;
  /** Where tokens come from, in words. */
  readonly via: string;
  /** A text sent as a token would be. */
  present(value: string): Token;
  /** A protected read that tells a good token from a bad one; absent where none was found. */
  readonly probe?: Operation;
}

export interface CredentialContext {
  readonly session: Session;
  readonly clock: Clock;
  readonly inventory: Inventory;
  readonly renewals: Renewals;
  unique(): string;
  uuid(): string;
}

/** A set-up call did not do what it did before: nothing can be concluded from the trial. */
export class SetupFailed extends Error {}
