import { type AuthorizationHeader, bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";
import type { Pool, Queryable } from "./postgres.ts";
import { CHANCE, type Chance, retrying } from "./retry.ts";
import { revokeAll } from "./revoke-all.ts";
import { lockKey } from "./token.ts";
import type { PresentedToken, Principal, TokenStore } from "./tokens.ts";
import { type Isolation, transaction } from "./transaction.ts";

export interface GuardOptions {
  readonly pool: Pool;
  readonly tokens: TokenStore;
  /** The realm of challenges. Default: `api`. */
  readonly realm?: string;
  readonly chance?: Chance;
}

export interface RunOptions {
  /** Default: `read committed`. */
  readonly isolation?: Isolation;
  /** How often the transaction is run at most, should it collide with others. Default: 5. */
  readonly attempts?: number;
}

export interface Guarded {
  /** The transaction: what is done through it takes effect only while the token is valid. */
  readonly tx: Queryable;
  readonly principal: Principal;
}

export interface Guard {
  /**
   * Runs `handler` in one transaction with the validation of the token: a revocation that has been
   * acknowledged comes either before all of it or after all of it, and a token that expires before the end
   * is refused with everything undone. Call it once the body has been read, or a slow client holds the lock.
   * The handler may run several times; effects outside of `tx` do not belong in it, nor does another `run`
   * with the same token.
   */
  run<T>(
    authorization: AuthorizationHeader,
    handler: (guarded: Guarded) => Promise<T>,
    options?: RunOptions,
  ): Promise<T>;
  /** Revokes the presented token, after all that is in flight under it and before all that follows. */
  revoke(authorization: AuthorizationHeader): Promise<void>;
  /**
   * Revokes every token of the subject that the presented one speaks for, after all that is in flight under
   * any of them, and runs `work` in the same transaction: the removal of an account, a new password.
   */
  revokeAll(authorization: AuthorizationHeader, work?: (guarded: Guarded) => Promise<void>): Promise<void>;
}

const ATTEMPTS = 5;

export function createGuard({ pool, tokens, realm = "api", chance = CHANCE }: GuardOptions): Guard {
  const invalid = () => new GuardError("invalid-token", { realm });
  const present = async (authorization: AuthorizationHeader): Promise<PresentedToken> => {
    const presented = await tokens.present(bearerToken(authorization, realm));
    if (!presented) throw invalid();
    return presented;
  };

  return {
    async run(authorization, handler, { isolation = "read committed", attempts = ATTEMPTS } = {}) {
      const presented = await present(authorization);
      const lock = { key: lockKey(presented.identity), mode: "shared" } as const;
      return retrying(attempts, chance, () =>
        transaction(pool, isolation, lock, async (tx) => {
          const asked = chance.now();
          // A statement of its own: one that waited for the lock would see the token as before the wait.
          const principal = await presented.find(tx);
          if (!principal) throw invalid();
          const value = await handler({ tx, principal });
          // The lock keeps revocations away; time it does not.
          if (chance.now() - asked >= principal.remainingMs) throw invalid();
          return value;
        }),
      );
    },

    async revoke(authorization) {
      const presented = await present(authorization);
      const lock = { key: lockKey(presented.identity), mode: "exclusive" } as const;
      const revoked = await retrying(ATTEMPTS, chance, () =>
        transaction(pool, "read committed", lock, (tx) => presented.revoke(tx)),
      );
      if (!revoked) throw invalid();
    },

    async revokeAll(authorization, work = async () => {}) {
      const { subjects } = tokens;
      if (!subjects) throw new TypeError("revokeAll needs a store that knows the tokens of a subject");
      const presented = await present(authorization);
      await retrying(ATTEMPTS, chance, () =>
        transaction(pool, "read committed", undefined, async (tx) => {
          if (!(await revokeAll(tx, subjects, presented, work))) throw invalid();
        }),
      );
    },
  };
}
