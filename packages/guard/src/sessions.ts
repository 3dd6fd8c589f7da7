import { type AuthorizationHeader, bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";
import type { Pool, Queryable } from "./postgres.ts";
import { CHANCE, type Chance, retrying } from "./retry.ts";
import { lockAll } from "./revoke-all.ts";
import { sessionSql } from "./session-sql.ts";
import { opaqueToken, tokenHash } from "./token.ts";
import type { IssuedToken, OpaqueTokens } from "./tokens.ts";
import { transaction } from "./transaction.ts";

export interface SessionOptions {
  readonly pool: Pool;
  /** Of the same PostgreSQL schema. */
  readonly tokens: OpaqueTokens;
  /** Default: `guard`. */
  readonly schema?: string;
  /** What refresh tokens begin with. Default: `rt`. */
  readonly prefix?: string;
  readonly realm?: string;
  readonly chance?: Chance;
}

export interface Lifetimes {
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
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
  open(tx: Queryable, subject: string, lifetimes: Lifetimes): Promise<IssuedSession>;
  refresh(refreshToken: string, lifetimes: Lifetimes): Promise<Refreshed>;
  /** The logout: ends the session of the presented access token, after all that is in flight under it. */
  close(authorization: AuthorizationHeader): Promise<void>;
  /** To go with `guard.revokeAll`, whose work it belongs in: without it, refresh tokens would survive. */
  closeAll(tx: Queryable, subject: string): Promise<void>;
}

const ATTEMPTS = 5;

export function createSessions(options: SessionOptions): Sessions {
  const { pool, tokens, schema = "guard", prefix = "rt", realm = "api", chance = CHANCE } = options;
  const sql = sessionSql(schema);
  const inTransaction = <T>(work: (tx: Queryable) => Promise<T>) =>
    retrying(ATTEMPTS, chance, () => transaction(pool, "read committed", undefined, work));

  async function issue(tx: Queryable, session: string, subject: string, lifetimes: Lifetimes) {
    const refreshToken = opaqueToken(prefix);
    const { accessSeconds: lifetimeSeconds, refreshSeconds } = lifetimes;
    const access = await tokens.issue(tx, { subject, lifetimeSeconds, session });
    await tx.query(sql.insertRefreshToken, [tokenHash(refreshToken), session, refreshSeconds]);
    return { access, refreshToken };
  }

  /** Whoever calls it has the session's row: no access token can be added between the lock and the end. */
  async function end(tx: Queryable, session: string): Promise<void> {
    const live = async () =>
      (await tx.query(sql.liveAccessTokens, [session])).rows.map((row) => row.token_sha256);
    await lockAll(tx, live);
    await tx.query(sql.revokeAccessTokens, [session]);
    await tx.query(sql.end, [session]);
  }

  return {
    migration: sql.migration,

    async open(tx, subject, lifetimes) {
      const { rows } = await tx.query(sql.open, [subject]);
      return issue(tx, rows[0].id, subject, lifetimes);
    },

    refresh(refreshToken, lifetimes) {
      const hash = tokenHash(refreshToken);
      return inTransaction(async (tx) => {
        const [session] = (await tx.query(sql.lockByRefreshToken, [hash])).rows;
        if (!session) return { status: "refused" };
        if ((await tx.query(sql.use, [hash])).rowCount === 1) {
          return { status: "refreshed", ...(await issue(tx, session.id, session.subject, lifetimes)) };
        }
        const reused = (await tx.query(sql.wasUsed, [hash])).rowCount === 1;
        // Not by an error, which would undo it.
        if (reused) await end(tx, session.id);
        return { status: "refused" };
      });
    },

    async close(authorization) {
      const hash = tokenHash(bearerToken(authorization, realm));
      const refusal = new GuardError("invalid-token", { realm });
      await inTransaction(async (tx) => {
        const [session] = (await tx.query(sql.lockByAccessToken, [hash])).rows;
        // The session first and the tokens after it, as on reuse: else the two could wait for each other.
        if (!session || !(await tokens.find(tx, hash))) throw refusal;
        await end(tx, session.id);
      });
    },

    async closeAll(tx, subject) {
      await tx.query(sql.endAll, [subject]);
    },
  };
}
