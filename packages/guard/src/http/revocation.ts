import type { Guard } from "../guard.ts";
import type { Sessions } from "../sessions.ts";
import type { Answer } from "./answer.ts";
import { type Authenticate, answerAboutToken, type TokenRequest } from "./token-request.ts";

export interface RevocationOptions<Client> {
  readonly guard: Pick<Guard, "revokeToken">;
  /** For refresh tokens, whose revocation ends the session (RFC 7009 §2.1). */
  readonly sessions?: Pick<Sessions, "revoke">;
  readonly authenticate: Authenticate<Client>;
}

/**
 * Token revocation, RFC 7009: answers 200 once everything that ran under the token has committed, and also where there
 * was nothing to revoke (§2.2).
 *
 * @throws whatever `authenticate` and the database throw; a `GuardError` is answered
 * @example
 * const revoke = revocationEndpoint({ guard, sessions, authenticate: async () => "the shop" });
 * await revoke({ authorization: undefined, body: "token=unknown" }); // { status: 200, … }
 */
export function revocationEndpoint<Client>(
  options: RevocationOptions<Client>,
): (request: TokenRequest) => Promise<Answer> {
  const { guard, sessions, authenticate } = options;
  return (request) =>
    // The hint is one (§2.1): which of the two a token is, its prefix says.
    answerAboutToken(request, authenticate, async (token) => {
      if (!(await guard.revokeToken(token))) await sessions?.revoke(token);
      return { status: 200, headers: { "cache-control": "no-store" }, body: "" };
    });
}
