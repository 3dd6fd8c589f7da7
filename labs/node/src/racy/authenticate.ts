import {
  type AuthorizationHeader,
  bearerToken,
  GuardError,
  type Principal,
  type Queryable,
  tokenHash,
} from "@deadheat/guard";
import type { Half } from "../half.ts";

/**
 * The token check as it is so often written: a statement of its own, true at the moment it runs.
 * Nothing keeps the token valid until the work that relies on it is done.
 */
export async function authenticate(
  half: Half,
  authorization: AuthorizationHeader,
  tx: Queryable = half.database,
): Promise<Principal> {
  const hash = tokenHash(bearerToken(authorization, "lab"));
  const principal = await half.tokens.find(tx, hash);
  if (!principal) throw new GuardError("invalid-token", { realm: "lab" });
  return principal;
}
