import {
  type AuthorizationHeader,
  bearerToken,
  type Guard,
  GuardError,
  type Guarded,
  lockKey,
  type Principal,
  type Queryable,
  type Transaction,
  tokenHash,
} from "@deadheat/guard";
import { type Locks, tokenOnly } from "@deadheat/guard/parts";
import type { Endpoint } from "../endpoints.ts";
import type { Half } from "../half.ts";

/** One mistake in the guarded half: another guard, or another form of an endpoint. */
export interface Break {
  guard?(right: Guard, half: Half): Guard;
  bearer?(guard: Guard, half: Half): Record<string, Endpoint>;
}

type Handler<T> = (guarded: Guarded) => Promise<T>;
type Attempt = <T>(hash: Buffer, handler: Handler<T>) => Promise<T>;

/** The right guard with another `run`: all else, the revocation above all, is as it should be. */
export function withRun(right: Guard, attempt: Attempt): Guard {
  return {
    ...right,
    async run<T>(authorization: AuthorizationHeader, handler: Handler<T>) {
      return attempt(tokenHash(bearerToken(authorization, "lab")), handler);
    },
  };
}

/** What the handler is given, where the token is valid at this moment. */
export async function guardedBy(half: Half, transaction: Transaction, hash: Buffer): Promise<Guarded> {
  return { ...transaction, principal: await principalOf(half, transaction.tx, hash) };
}

export async function principalOf({ tokens }: Half, tx: Queryable, hash: Buffer): Promise<Principal> {
  const principal = await tokens.find(tx, hash);
  if (!principal) throw new GuardError("invalid-token", { realm: "lab" });
  return principal;
}

/** The lock of the token alone, as the guard takes it for a request. */
export function sharedLock(hash: Buffer): Locks {
  return { keys: tokenOnly(lockKey(hash)), subject: "shared", token: "shared" };
}
