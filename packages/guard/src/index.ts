export { type AuthorizationHeader, bearerToken } from "./authorization.ts";
export { GuardError, type GuardErrorCode } from "./errors.ts";
export { createGuard, type Guard, type Guarded, type GuardOptions, type RunOptions } from "./guard.ts";
export type { Connection, Pool, Queryable, Result } from "./postgres.ts";
export { CHANCE, type Chance } from "./retry.ts";
export { lockKey, opaqueToken, tokenHash } from "./token.ts";
export {
  type IssuedToken,
  type OpaqueTokenOptions,
  type OpaqueTokens,
  opaqueTokens,
  type Principal,
  type TokenStore,
} from "./tokens.ts";
export type { Isolation } from "./transaction.ts";
