import { createHash } from "node:crypto";
import { GuardError } from "./errors.ts";
import type { Guarded } from "./guard.ts";
import { idempotencySql } from "./idempotency-sql.ts";
import { lockKey } from "./token.ts";

export interface IdempotencyOptions {
  /** The PostgreSQL schema that the table `idempotency_keys` lives in. Default: `guard`. */
  readonly schema?: string;
  /** How long an answer is given again. Default: 86,400. */
  readonly lifetimeSeconds?: number;
}

export interface IdempotentRequest {
  /** The value of the `Idempotency-Key` header, as node:http gives it. */
  readonly key: string | readonly string[] | undefined;
  /** All that makes it this request and no other: method, path and body. Anything that JSON can hold. */
  readonly request: unknown;
}

export interface IdempotentAnswer<T> {
  readonly answer: T;
  /** True where it is that of a request before, and nothing has been done now. */
  readonly replayed: boolean;
}

/** Requests that may be sent again: the same key does its work once (draft-ietf-httpapi-idempotency-key-header). */
export interface IdempotencyKeys {
  /** SQL that makes the table; running it again does nothing. */
  readonly migration: string;
  /**
   * Does `work` and keeps its answer, in the guard's transaction: if that does not commit, the key is as good as new.
   * With a key that was used by the same subject before, the answer from then. Answers are stored as JSON: no token
   * belongs into one.
   *
   * @throws GuardError `idempotency-key-missing` (400) without a key; `idempotency-key-in-use` (409) while the first
   *   request is being worked on; `idempotency-key-reused` (422) where the first request was another one
   */
  once<T>(
    guarded: Pick<Guarded, "tx" | "principal">,
    request: IdempotentRequest,
    work: () => Promise<T>,
  ): Promise<IdempotentAnswer<T>>;
}

/**
 * Idempotency keys.
 *
 * @throws nothing by itself
 * @example
 * const keys = idempotencyKeys();
 * await guard.run(authorization, (guarded) =>
 *   keys.once(guarded, { key: "a1", request: ["POST /orders", { item: 7 }] }, async () => ({ order: 1 })),
 * ); // { answer: { order: 1 }, replayed: false }
 */
export function idempotencyKeys(options: IdempotencyOptions = {}): IdempotencyKeys {
  const { schema = "guard", lifetimeSeconds = 86_400 } = options;
  const sql = idempotencySql(schema);
  return {
    migration: sql.migration,

    async once({ tx, principal: { subject } }, { key: header, request }, work) {
      const key = idempotencyKey(header);
      const fingerprint = sha256(canonical(request));
      // Without it the claim would wait until the first request is done: the draft asks for a 409 instead.
      const lock = lockKey(sha256(canonical(["idempotency key", schema, subject, key])));
      if (!(await tx.query(sql.tryLock, [lock])).rows[0].granted)
        throw new GuardError("idempotency-key-in-use");
      const claimed = await tx.query(sql.claim, [subject, key, fingerprint, lifetimeSeconds]);
      if (claimed.rowCount !== 1) {
        const [known] = (await tx.query(sql.known, [subject, key])).rows;
        if (!fingerprint.equals(known.fingerprint)) throw new GuardError("idempotency-key-reused");
        return { answer: known.answer.answer, replayed: true };
      }
      const answer = await work();
      // In an object: JSON knows no undefined, and SQL's NULL is not JSON's.
      await tx.query(sql.keep, [subject, key, JSON.stringify({ answer })]);
      return { answer, replayed: false };
    },
  };
}

/** As it is, or in the quotes of a structured header's string (RFC 8941 §3.3.3). */
function idempotencyKey(header: IdempotentRequest["key"]): string {
  const value = typeof header === "string" ? header.trim() : "";
  const key = /^"(?:[ !#-[\]-~]|\\["\\])*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;
  if (!/^[ -~]{1,255}$/.test(key)) throw new GuardError("idempotency-key-missing");
  return key;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The same text for the same value, in whatever order its keys were written. */
function canonical(value: unknown): string {
  const text = JSON.stringify(value, (_key, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [two]) => (one < two ? -1 : 1)))
      : part,
  );
  return text ?? "undefined";
}
