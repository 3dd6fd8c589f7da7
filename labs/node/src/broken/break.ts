import {
  type AuthorizationHeader,
  bearerToken,
  type Guard,
  GuardError,
  type Guarded,
  type Queryable,
  tokenHash,
} from "@deadheat/guard";
import { CHANCE, retrying } from "@deadheat/guard/parts";
import type { Endpoint } from "../endpoints.ts";
import type { Half } from "../half.ts";

/** One mistake in the guarded half: another guard, or another form of an endpoint. */
export interface Break {
  guard?(right: Guard, half: Half): Guard;
  bearer?(guard: Guard, half: Half): Record<string, Endpoint>;
}

type Handler<T> = (guarded: Guarded) => Promise<T>;
type Attempt = <T>(hash: Buffer, handler: Handler<T>) => Promise<T>;

const ATTEMPTS = 5;

/** The right guard with another `run`: all else, the revocation above all, is as it should be. */
export function withRun(right: Guard, attempt: Attempt): Guard {
  return {
    ...right,
    run<T>(authorization: AuthorizationHeader, handler: Handler<T>) {
      const hash = tokenHash(bearerToken(authorization, "lab"));
      return retrying(ATTEMPTS, CHANCE, () => attempt(hash, handler));
    },
  };
}

/** What the handler is given, where the token is valid at this moment. */
export async function guardedBy({ tokens }: Half, tx: Queryable, hash: Buffer): Promise<Guarded> {
  const principal = await tokens.find(tx, hash);
  if (!principal) throw new GuardError("invalid-token", { realm: "lab" });
  return { tx, principal };
}
