export { type AuthorizationHeader, bearerToken } from "./authorization.ts";
export { type CodeOptions, type IssuedCode, type OneTimeCodes, oneTimeCodes } from "./codes.ts";
export { GuardError, type GuardErrorCode } from "./errors.ts";
export { createGuard, type Guard, type Guarded, type GuardOptions, type RunOptions } from "./guard.ts";
export { type JwtTokenOptions, type JwtTokens, jwtTokens, type VerifiedToken } from "./jwt.ts";
export type { Connection, Pool, Queryable, Result } from "./postgres.ts";
export { CHANCE, type Chance } from "./retry.ts";
export {
  createSessions,
  type IssuedSession,
  type Lifetimes,
  type Refreshed,
  type SessionOptions,
  type Sessions,
} from "./sessions.ts";
export { lockKey, opaqueToken, tokenHash } from "./token.ts";
export {
  type Grant,
  type IssuedToken,
  type OpaqueTokenOptions,
  type OpaqueTokens,
  opaqueTokens,
  type PresentedToken,
  type Principal,
  type SubjectTokens,
  type TokenStore,
} from "./tokens.ts";
export type { Isolation } from "./transaction.ts";
