import { createGuard, type Guard, jwtTokens, type TokenStore } from "@deadheat/guard";
import { KEEP_USER } from "../../../accounts/sql.ts";
import type { TokensHalf } from "../half.ts";
import { verifier } from "../jwt/verify.ts";

/** A guard for JSON Web Tokens, beside that for opaque ones. Makes its table. */
export async function jwtGuard({ database, schema, jwt }: TokensHalf): Promise<Guard> {
  const tokens = jwtTokens({ schema, verify: verifier(jwt) });
  await database.query(tokens.migration);
  return createGuard({ pool: database, tokens: ofExistingUsers(tokens), realm: "lab" });
}

/**
 * Nobody knows which tokens a deleted user still has: so the user is looked at, and kept from being deleted
 * until the transaction ends.
 */
function ofExistingUsers(tokens: TokenStore): TokenStore {
  return {
    async present(token) {
      const presented = await tokens.present(token);
      return (
        presented && {
          ...presented,
          async find(tx) {
            const principal = await presented.find(tx);
            if (!principal) return undefined;
            return (await tx.query(KEEP_USER, [principal.subject])).rowCount === 1 ? principal : undefined;
          },
        }
      );
    },
  };
}
