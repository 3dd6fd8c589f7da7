import { type AuthorizationHeader, bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";
import type { LockKeys } from "./locks.ts";
import type { Pool, Queryable } from "./postgres.ts";
import { CHANCE, type Chance } from "./retry.ts";
import { seal, unseal } from "./sealed.ts";
import { sessionSql } from "./session-sql.ts";
import { isOpaqueToken, lockKey, opaqueToken, tokenHash } from "./token.ts";
import type { IssuedToken, OpaqueTokens } from "./tokens.ts";
import { transaction } from "./transaction.ts";

export interface SessionOptions {
  readonly pool: Pool<unknown>;
  /** Of the same PostgreSQL schema. */
  readonly tokens: OpaqueTokens;
  /** Default: `guard`. */
  readonly schema?: string;
  /** What refresh tokens begin with. Default: `rt`. */
  readonly prefix?: string;
  readonly realm?: string;
  /**
   * Seconds within which a refresh token that comes again, because its answer was lost, gets the same answer, as long
   * as the refresh token in that has not been used. Default: 0, which ends the session, as FAPI and a strict reading of
   * RFC 9700 have it.
   */
  readonly graceSeconds?: number;
  readonly chance?: Chance;
}

export interface Lifetimes {
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
  /** Of the access tokens, when the session is opened. Default: none. */
  readonly scopes?: readonly string[];
}

export interface IssuedSession {
  readonly access: IssuedToken;
  readonly refreshToken: string;
}

/** Refused alike for a token that is unknown, expired, used or of a session that has ended. */
export type Refreshed = ({ readonly status: "refreshed" } & IssuedSession) | { readonly status: "refused" };

/**
 * Sessions: an access token, and a refresh token that is good for one exchange into the next pair. One that
 * comes back after its use has been copied, by whom nobody can tell, so the session ends with all of its
 * tokens (RFC 9700 §4.14.2).
 */
export interface Sessions {
  /** SQL that makes the tables; running it again does nothing. */
  readonly migration: string;
  /** In the transaction of the log-in. */
  open(tx: Queryable, subject: string, lifetimes: Lifetimes): Promise<IssuedSession>;
  /** @throws GuardError those of `transaction` */
  refresh(refreshToken: string, lifetimes: Omit<Lifetimes, "scopes">): Promise<Refreshed>;
  /**
   * The logout: ends the session of the presented access token, after all that is in flight under it.
   *
   * @throws GuardError as `Guard.revoke`
   */
  close(authorization: AuthorizationHeader): Promise<void>;
  /** The same by refresh token, RFC 7009 §2.1. False where it belongs to no session that goes on. */
  revoke(refreshToken: string): Promise<boolean>;
  /** To go with `guard.revokeAll`, whose work it belongs in: without it, refresh tokens would survive. */
  closeAll(tx: Queryable, subject: string): Promise<void>;
}

/**
 * Sessions over a store of opaque tokens.
 *
 * @throws TypeError where the prefix is not 1 to 16 letters and digits
 * @example
 * const sessions = createSessions({ pool, tokens });
 * const { refreshToken } = await sessions.open(pool, "ada", { accessSeconds: 600, refreshSeconds: 86_400 });
 * await sessions.refresh(refreshToken, { accessSeconds: 600, refreshSeconds: 86_400 }); // { status: "refreshed", … }
 * await sessions.refresh(refreshToken, { accessSeconds: 600, refreshSeconds: 86_400 }); // { status: "refused" }
 */
export function createSessions(options: SessionOptions): Sessions {
  const { pool, tokens, schema = "guard", prefix = "rt", realm = "api", graceSeconds = 0 } = options;
  const { chance = CHANCE } = options;
  opaqueToken(prefix);
  const sql = sessionSql(schema);
  /** Under the subject's lock, which comes before the session's row: see locks.ts. */
  const under = <T>(keys: LockKeys, unknown: () => Error, work: (tx: Queryable) => Promise<T>) => {
    const locks = { keys, subject: "shared", token: "shared" } as const;
    return transaction(pool, { chance, locks, unknown }, ({ tx }) => work(tx));
  };

  async function issue(
    tx: Queryable,
    session: { readonly id: string; readonly subject: string },
    { accessSeconds: lifetimeSeconds, refreshSeconds, scopes = [] }: Lifetimes,
    refreshToken = opaqueToken(prefix),
  ): Promise<IssuedSession> {
    const { id, subject } = session;
    const access = await tokens.issue(tx, { subject, lifetimeSeconds, session: id, scopes });
    await tx.query(sql.insertRefreshToken, [tokenHash(refreshToken), id, refreshSeconds]);
    return { access, refreshToken };
  }

  /** Whoever calls it has the session's row: no access token can be added between the lock and the end. */
  async function end(tx: Queryable, session: string): Promise<void> {
    const { rows } = await tx.query(sql.liveAccessTokens, [session]);
    await tx.query(sql.lockAccessTokens, [rows.map((row) => lockKey(row.token_sha256))]);
    await tx.query(sql.revokeAccessTokens, [session]);
    await tx.query(sql.end, [session]);
  }

  async function exchange(tx: Queryable, refreshToken: string, lifetimes: Lifetimes): Promise<Refreshed> {
    const [hash, next] = [tokenHash(refreshToken), opaqueToken(prefix)];
    const [session] = (await tx.query(sql.lockByRefreshToken, [hash])).rows;
    if (!session) return { status: "refused" };
    if ((await tx.query(sql.use, [hash, tokenHash(next)])).rowCount === 1) {
      const scopes = session.scope.split(" ").filter(Boolean);
      const issued = await issue(tx, session, { ...lifetimes, scopes }, next);
      if (graceSeconds > 0)
        await tx.query(sql.keepAnswer, [hash, seal(JSON.stringify(issued), refreshToken)]);
      return { status: "refreshed", ...issued };
    }
    const [used] = (await tx.query(sql.used, [hash, graceSeconds])).rows;
    if (used?.answer) return { status: "refreshed", ...answerIn(unseal(used.answer, refreshToken)) };
    // Not by an error, which would undo it.
    if (used) await end(tx, session.id);
    return { status: "refused" };
  }

  return {
    migration: sql.migration,

    async open(tx, subject, lifetimes) {
      const { rows } = await tx.query(sql.open, [subject, (lifetimes.scopes ?? []).join(" ")]);
      return issue(tx, { id: rows[0].id, subject }, lifetimes);
    },

    async refresh(refreshToken, lifetimes) {
      if (!isOpaqueToken(refreshToken, prefix)) return { status: "refused" };
      const keys = { text: sql.keysByRefreshToken, values: [tokenHash(refreshToken)] };
      return unlessUnknown<Refreshed>({ status: "refused" }, (unknown) =>
        under(keys, unknown, (tx) => exchange(tx, refreshToken, lifetimes)),
      );
    },

    async close(authorization) {
      const hash = tokenHash(bearerToken(authorization, realm));
      const refused = () => new GuardError("invalid-token", { realm });
      await under({ text: sql.keysByAccessToken, values: [hash] }, refused, async (tx) => {
        const [session] = (await tx.query(sql.lockByAccessToken, [hash])).rows;
        if (!session || !(await tokens.find(tx, hash))) throw refused();
        await end(tx, session.id);
      });
    },

    async revoke(refreshToken) {
      if (!isOpaqueToken(refreshToken, prefix)) return false;
      const hash = tokenHash(refreshToken);
      const keys = { text: sql.keysByRefreshToken, values: [hash] };
      return unlessUnknown(false, (unknown) =>
        under(keys, unknown, async (tx) => {
          const [session] = (await tx.query(sql.lockByRefreshToken, [hash])).rows;
          if (session) await end(tx, session.id);
          return session !== undefined;
        }),
      );
    },

    async closeAll(tx, subject) {
      await tx.query(sql.endAll, [subject]);
    },
  };
}

/** What `work` answers, or `otherwise` where there is no such token. */
async function unlessUnknown<T>(otherwise: T, work: (unknown: () => Error) => Promise<T>): Promise<T> {
  const unknown = new Error("no such token");
  try {
    return await work(() => unknown);
  } catch (error) {
    if (error === unknown) return otherwise;
    throw error;
  }
}

function answerIn(text: string): IssuedSession {
  const { access, refreshToken } = JSON.parse(text);
  return { access: { token: access.token, expiresAt: new Date(access.expiresAt) }, refreshToken };
}
