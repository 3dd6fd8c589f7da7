import type { Guard } from "../guard.ts";
import type { Principal } from "../store.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { type Authenticate, answerAboutToken, type TokenRequest } from "./token-request.ts";

export interface IntrospectionOptions<Client> {
  readonly guard: Pick<Guard, "introspect">;
  /** Whoever may ask about any token can try tokens out: never leave it open (RFC 7662 §2.1). */
  readonly authenticate: Authenticate<Client>;
  /** Further members of the answer (RFC 7662 §2.2), or undefined where this client is not to know of this token. */
  about?(principal: Principal, client: Client): Promise<object | undefined>;
}

/**
 * Token introspection, RFC 7662, of access tokens. What it says holds for the moment at which it was said: for anything
 * that is to hold until an effect has committed there is `guard.run`.
 *
 * @throws whatever `authenticate`, `about` and the database throw; a `GuardError` is answered
 * @example
 * const introspect = introspectionEndpoint({ guard, authenticate: async () => "the shop" });
 * await introspect({ authorization: undefined, body: "token=unknown" }); // { status: 200, body: '{"active":false}', … }
 */
export function introspectionEndpoint<Client>(
  options: IntrospectionOptions<Client>,
): (request: TokenRequest) => Promise<Answer> {
  const { guard, authenticate, about = async () => ({}) } = options;
  return (request) =>
    answerAboutToken(request, authenticate, async (token, client) => {
      const principal = await guard.introspect(token);
      const more = principal && (await about(principal, client));
      // Nothing else then, not even why (§2.2).
      return jsonAnswer(200, more ? { active: true, ...members(principal), ...more } : { active: false });
    });
}

function members({ subject, scopes, issuedAt, expiresAt }: Principal) {
  return {
    sub: subject,
    token_type: "Bearer",
    exp: seconds(expiresAt),
    ...(issuedAt ? { iat: seconds(issuedAt) } : {}),
    ...(scopes.length > 0 ? { scope: scopes.join(" ") } : {}),
  };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
