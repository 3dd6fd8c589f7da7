export { type AuthorizationHeader, bearerToken } from "./authorization.ts";
export { type CodeOptions, type IssuedCode, type OneTimeCodes, oneTimeCodes } from "./codes.ts";
export { GuardError, type GuardErrorCode, type GuardErrorOptions } from "./errors.ts";
export {
  type CallOptions,
  createGuard,
  type Guard,
  type Guarded,
  type GuardOptions,
  type RunOptions,
} from "./guard.ts";
export { type Answer, problemAnswer } from "./http/answer.ts";
export { type IntrospectionOptions, introspectionEndpoint } from "./http/introspection.ts";
export { type RevocationOptions, revocationEndpoint } from "./http/revocation.ts";
export { type Authenticate, secretsEqual, type TokenRequest } from "./http/token-request.ts";
export {
  type IdempotencyKeys,
  type IdempotencyOptions,
  type IdempotentAnswer,
  type IdempotentRequest,
  idempotencyKeys,
} from "./idempotency.ts";
export { type JwtTokenOptions, type JwtTokens, jwtTokens, type VerifiedToken, type Verify } from "./jwt.ts";
export type { LockKeys } from "./locks.ts";
export type { Connection, Pool, Queryable, Result } from "./postgres.ts";
export { CHANCE, type Chance } from "./retry.ts";
export type { Transaction } from "./scope.ts";
export {
  createSessions,
  type IssuedSession,
  type Lifetimes,
  type Refreshed,
  type SessionOptions,
  type Sessions,
} from "./sessions.ts";
export type { PresentedToken, Principal, SubjectTokens, TokenStore } from "./store.ts";
export { isOpaqueToken, lockKey, opaqueToken, tokenHash } from "./token.ts";
export {
  type Grant,
  type IssuedToken,
  type OpaqueTokenOptions,
  type OpaqueTokens,
  opaqueTokens,
} from "./tokens.ts";
export { type Isolation, type TransactionOptions, transaction } from "./transaction.ts";
