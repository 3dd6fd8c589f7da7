import { setTimeout as sleep } from "node:timers/promises";
import { createGuard, type Guard, opaqueTokens, tokenHash } from "@deadheat/guard";
import { nodePostgres } from "@deadheat/guard/node-postgres";
import type pg from "pg";

/** One way to check a token and to act: true where the token was good, and the act is done. */
export interface Pattern {
  readonly name: string;
  /** `ran` is told how long the handler took, ms: its `handlerMs` of waiting, and its turn at a busy process. */
  act(token: string, handlerMs: number, ran?: (ms: number) => void): Promise<boolean>;
  revoke(token: string): Promise<void>;
}

const schema = "bench";
export const tokens = opaqueTokens({ schema });
export const TABLES = `${tokens.migration} CREATE TABLE IF NOT EXISTS acts (at timestamptz DEFAULT clock_timestamp());`;
const ACT = "INSERT INTO acts DEFAULT VALUES";
const VALID = "token_sha256 = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()";
const LOOK = `SELECT subject FROM bench.access_tokens WHERE ${VALID}`;
const REVOKE = `UPDATE bench.access_tokens SET revoked_at = clock_timestamp() WHERE ${VALID}`;

export function guarded(pool: pg.Pool): Pattern {
  const guard: Guard<pg.PoolClient> = createGuard({ pool: nodePostgres(pool), tokens, deadlineMs: 60_000 });
  return {
    name: "guard",
    async act(token, handlerMs, ran) {
      try {
        await guard.run(`Bearer ${token}`, async ({ tx }) => {
          const start = performance.now();
          await sleep(handlerMs);
          await tx.query(ACT);
          ran?.(performance.now() - start);
        });
        return true;
      } catch (error) {
        if ((error as { code?: string }).code === "invalid-token") return false;
        throw error;
      }
    },
    revoke: (token) => guard.revoke(`Bearer ${token}`),
  };
}

/** The row of the token is locked, FOR SHARE or FOR UPDATE, until the act has committed. */
export function rowLock(pool: pg.Pool, strength: "SHARE" | "UPDATE"): Pattern {
  return {
    name: `row lock FOR ${strength}`,
    async act(token, handlerMs, ran) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const select = `SELECT subject FROM bench.access_tokens WHERE ${VALID} FOR ${strength}`;
        const { rowCount } = await client.query(select, [tokenHash(token)]);
        if (rowCount === 1) {
          const start = performance.now();
          await sleep(handlerMs);
          await client.query(ACT);
          ran?.(performance.now() - start);
        }
        await client.query("COMMIT");
        return rowCount === 1;
      } finally {
        client.release();
      }
    },
    async revoke(token) {
      await pool.query(REVOKE, [tokenHash(token)]);
    },
  };
}

/** The token is looked at, and then the act is a transaction of its own, as a framework makes one for each request. */
export function ownTransaction(pool: pg.Pool): Pattern {
  const { revoke } = unguarded(pool);
  return {
    name: "no guard, a transaction",
    revoke,
    async act(token, handlerMs) {
      if ((await pool.query(LOOK, [tokenHash(token)])).rowCount !== 1) return false;
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        await sleep(handlerMs);
        await client.query(ACT);
        await client.query("COMMIT");
        return true;
      } finally {
        client.release();
      }
    },
  };
}

/** The token is looked at, and then it is acted: two statements in all. */
export function unguarded(pool: pg.Pool): Pattern {
  return {
    name: "no guard",
    async act(token, handlerMs) {
      if ((await pool.query(LOOK, [tokenHash(token)])).rowCount !== 1) return false;
      await sleep(handlerMs);
      await pool.query(ACT);
      return true;
    },
    async revoke(token) {
      await pool.query(REVOKE, [tokenHash(token)]);
    },
  };
}
