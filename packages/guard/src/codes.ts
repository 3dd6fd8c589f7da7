import { createHash, randomInt, randomUUID } from "node:crypto";
import { codeSql } from "./code-sql.ts";
import type { Queryable } from "./postgres.ts";

export interface CodeOptions {
  /** The PostgreSQL schema that the table `one_time_codes` lives in. Default: `guard`. */
  readonly schema?: string;
  /** Default: 6. */
  readonly digits?: number;
  /** After so many attempts, right or wrong, a code is worth nothing. Default: 5. */
  readonly attempts?: number;
}

export interface IssuedCode {
  readonly id: string;
  readonly code: string;
  readonly expiresAt: Date;
}

/** Codes that a user types in once: log-ins by mail, password resets, invitations. */
export interface OneTimeCodes {
  /** SQL that makes the table; running it again does nothing. */
  readonly migration: string;
  /**
   * Without a subject the code looks like any other and is never right: whoever asks for one for a name that
   * does not exist learns nothing.
   */
  issue(tx: Queryable, grant: { subject?: string; lifetimeSeconds: number }): Promise<IssuedCode>;
  /**
   * The subject, for one caller and once. Undefined is an outcome to be committed, not rolled back: it has
   * counted the attempt.
   */
  redeem(tx: Queryable, id: string, code: string): Promise<string | undefined>;
}

const MOST_DIGITS = 14;

/**
 * One-time codes.
 *
 * @throws TypeError where a code would not have 4 to 14 digits
 * @example
 * const codes = oneTimeCodes();
 * const { id, code } = await codes.issue(pool, { subject: "ada", lifetimeSeconds: 600 });
 * await codes.redeem(pool, id, code); // "ada"
 * await codes.redeem(pool, id, code); // undefined
 */
export function oneTimeCodes(options: CodeOptions = {}): OneTimeCodes {
  const { schema = "guard", digits = 6, attempts = 5 } = options;
  if (!(Number.isInteger(digits) && digits >= 4 && digits <= MOST_DIGITS)) {
    throw new TypeError(`a one-time code has 4 to ${MOST_DIGITS} digits`);
  }
  const sql = codeSql(schema);
  return {
    migration: sql.migration,

    async issue(tx, { subject, lifetimeSeconds }) {
      const [id, code] = [
        randomUUID(),
        randomInt(10 ** digits)
          .toString()
          .padStart(digits, "0"),
      ];
      const { rows } = await tx.query(sql.insert, [id, codeHash(id, code), subject ?? null, lifetimeSeconds]);
      return { id, code, expiresAt: rows[0].expires_at };
    },

    async redeem(tx, id, code) {
      const { rows } = await tx.query(sql.redeem, [id, codeHash(id, code), attempts]);
      return rows[0]?.subject ?? undefined;
    },
  };
}

/** Salted with the id, so that equal codes look different. It hides a code from a glance at the table only. */
export function codeHash(id: string, code: string): Buffer {
  return createHash("sha256").update(`${id} ${code}`).digest();
}
