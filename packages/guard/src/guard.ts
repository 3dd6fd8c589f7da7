import { type AuthorizationHeader, bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";
import type { LockMode } from "./locks.ts";
import { type Pool, type Queryable, single } from "./postgres.ts";
import { CHANCE, type Chance } from "./retry.ts";
import type { Transaction } from "./scope.ts";
import type { PresentedToken, Principal, SubjectTokens, TokenStore } from "./store.ts";
import { type TransactionOptions, transaction } from "./transaction.ts";

export interface GuardOptions<Db = Queryable> {
  /** Of node-postgres as it is, or what an adapter makes of another driver's. */
  readonly pool: Pool<Db>;
  readonly tokens: TokenStore;
  /** The realm of challenges. Default: `api`. */
  readonly realm?: string;
  /** Milliseconds for all of a call, where it says nothing else. Default: 10,000. */
  readonly deadlineMs?: number;
  /** What a hook has thrown after its transaction had committed. Default: a warning of the process with the error's name. */
  readonly onHookError?: (error: unknown) => void;
  readonly chance?: Chance;
}

export type CallOptions = Pick<TransactionOptions, "attempts" | "deadlineMs" | "signal">;

export interface RunOptions extends CallOptions, Pick<TransactionOptions, "isolation"> {
  /** All of these the token must have, or the answer is 403. Default: none. */
  readonly scopes?: readonly string[];
  /**
   * A subject that this is about, other than the token's own: one who is demoted. What is in flight under any of their
   * tokens is waited for, and what comes meanwhile waits, and reads what this has written.
   */
  readonly exclusive?: string;
}

export interface Guarded<Db = Queryable> extends Transaction<Db> {
  readonly principal: Principal;
}

/** Bearer tokens and what is done under them, in one transaction. Every method rejects with a `GuardError` or what its
 * handler throws. */
export interface Guard<Db = Queryable> {
  /**
   * Runs `handler` in one transaction with the validation of the token: a revocation that has been
   * acknowledged comes either before all of it or after all of it, and a token that expires before the end
   * is refused with everything undone. Call it once the body has been read, or a slow client holds the lock.
   * The handler may run several times; effects outside of `tx` belong into `afterCommit`, and another `run`
   * with the same token nowhere into it.
   *
   * @throws GuardError `missing-token`, `malformed-authorization`, `invalid-token`, `insufficient-scope`, and those of
   *   `transaction`
   */
  run<T>(
    authorization: AuthorizationHeader,
    handler: (guarded: Guarded<Db>) => Promise<T>,
    options?: RunOptions,
  ): Promise<T>;
  /**
   * Revokes the presented token, after all that is in flight under it and before all that follows.
   *
   * @throws GuardError as `run`
   */
  revoke(authorization: AuthorizationHeader, options?: CallOptions): Promise<void>;
  /** The same for a token without a header, RFC 7009. False where there was nothing to revoke. */
  revokeToken(token: string, options?: CallOptions): Promise<boolean>;
  /**
   * Revokes every token of the subject that the presented one speaks for, after all that is in flight under
   * any of them, and runs `work` in the same transaction: the removal of an account, a new password.
   *
   * @throws GuardError as `run`; TypeError where the store cannot revoke by subject
   */
  revokeAll(
    authorization: AuthorizationHeader,
    work?: (guarded: Guarded<Db>) => Promise<void>,
    options?: CallOptions,
  ): Promise<void>;
  /** The same for a subject by name, without a token of theirs: for operators, and for passwords that are reset. */
  revokeSubject(
    subject: string,
    work?: (transaction: Transaction<Db>) => Promise<void>,
    options?: CallOptions,
  ): Promise<void>;
  /**
   * Runs `work` while nothing runs under any token of the subject: a demotion, a ban, a transfer of what is theirs.
   * What waits meanwhile reads what it has written.
   *
   * @throws TypeError where the store knows no subjects; GuardError as `transaction`
   */
  exclusively<T>(
    subject: string,
    work: (transaction: Transaction<Db>) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>;
  /** Who the token speaks for at this moment, RFC 7662. Undefined where it is not valid. */
  introspect(token: string, options?: CallOptions): Promise<Principal | undefined>;
}

/**
 * The guard over one store of tokens.
 *
 * @throws nothing by itself; its methods do
 * @example
 * const guard = createGuard({ pool, tokens: opaqueTokens() });
 * await guard.run(request.headers.authorization, async ({ tx, principal }) => principal.subject); // "ada"
 */
export function createGuard<Db = Queryable>(options: GuardOptions<Db>): Guard<Db> {
  const { pool, tokens, realm = "api", chance = CHANCE, onHookError } = options;
  const invalid = () => new GuardError("invalid-token", { realm });
  const defaults = {
    chance,
    ...(onHookError ? { onHookError } : {}),
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
  };

  const present = async (authorization: AuthorizationHeader): Promise<PresentedToken> => {
    const presented = await tokens.present(bearerToken(authorization, realm));
    if (!presented) throw invalid();
    return presented;
  };

  /** Under these locks, with the token read in a statement after the one that took them. */
  function under<T>(
    presented: PresentedToken,
    modes: { readonly subject: LockMode; readonly token: LockMode },
    { exclusive, scopes = [], ...rest }: RunOptions,
    work: (guarded: Guarded<Db>) => Promise<T>,
  ): Promise<T> {
    const other = exclusive === undefined ? {} : { other: knowing(tokens).keys(exclusive) };
    const locks = { keys: presented.keys, ...modes, ...other };
    let found: Principal | undefined;
    const look = async (prepared: Queryable) => {
      found = await presented.find(prepared);
    };
    return transaction(
      pool,
      { ...defaults, ...rest, locks, unknown: invalid, look },
      async (scope, since) => {
        const principal = found;
        if (!principal) throw invalid();
        if (!scopes.every((one) => principal.scopes.includes(one)))
          throw new GuardError("insufficient-scope", { realm, scopes });
        const value = await work(withPrincipal(scope, principal));
        // The lock keeps revocations away; time it does not.
        if (chance.now() - since >= principal.remainingMs) throw invalid();
        if (presented.used) scope.afterCommit(() => presented.used?.(single(pool)));
        return value;
      },
    );
  }

  function about<T>(subject: string, options: CallOptions, work: (scope: Transaction<Db>) => Promise<T>) {
    const locks = { keys: knowing(tokens).keys(subject), subject: "exclusive", token: "shared" } as const;
    return transaction(pool, { ...defaults, ...options, locks }, work);
  }

  const REVOKING = { subject: "shared", token: "exclusive" } as const;

  return {
    async run(authorization, handler, options = {}) {
      const presented = await present(authorization);
      return under(presented, { subject: "shared", token: "shared" }, options, handler);
    },

    async revoke(authorization, options = {}) {
      const presented = await present(authorization);
      await under(presented, REVOKING, options, async ({ tx }) => {
        if (!(await presented.revoke(tx))) throw invalid();
      });
    },

    async revokeToken(token, options = {}) {
      const presented = await tokens.present(token);
      if (!presented) return false;
      const locks = { keys: presented.keys, ...REVOKING };
      return transaction(pool, { ...defaults, ...options, locks }, ({ tx }) => presented.revoke(tx));
    },

    async revokeAll(authorization, work = async () => {}, options = {}) {
      const subjects = knowing(tokens);
      const presented = await present(authorization);
      await under(presented, { subject: "exclusive", token: "shared" }, options, async (guarded) => {
        await work(guarded);
        await subjects.revokeAll(guarded.tx, guarded.principal.subject);
      });
    },

    async revokeSubject(subject, work = async () => {}, options = {}) {
      await about(subject, options, async (scope) => {
        await work(scope);
        await knowing(tokens).revokeAll(scope.tx, subject);
      });
    },

    async exclusively(subject, work, options = {}) {
      return about(subject, options, work);
    },

    async introspect(token, options = {}) {
      const presented = await tokens.present(token);
      if (!presented) return undefined;
      return transaction(pool, { ...defaults, ...options }, ({ tx }) => presented.find(tx));
    },
  };
}

/** Not spread: that would make the signal, which hardly any handler looks at. */
function withPrincipal<Db>(scope: Transaction<Db>, principal: Principal): Guarded<Db> {
  return {
    tx: scope.tx,
    db: scope.db,
    get signal() {
      return scope.signal;
    },
    savepoint: scope.savepoint,
    afterCommit: scope.afterCommit,
    principal,
  };
}

function knowing({ subjects }: TokenStore): SubjectTokens {
  if (!subjects) throw new TypeError("this needs a store that knows the tokens of a subject");
  return subjects;
}
