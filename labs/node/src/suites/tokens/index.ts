import { mailTo } from "../../mail.ts";
import type { Suite, SuiteOptions } from "../suite.ts";
import { guarded } from "./guarded/index.ts";
import { openTokensHalf } from "./half.ts";
import { generateKeys, jwtIssuer } from "./jwt/issuer.ts";
import { racy } from "./racy/index.ts";

/** What can go wrong with tokens, their owners and their rights, beyond one token and its revocation. */
export async function openTokens({ mail }: SuiteOptions): Promise<Suite> {
  const keys = await generateKeys();
  const send = mail ? mailTo(mail) : async () => {};
  return {
    async racy(half) {
      return racy(await openTokensHalf(half, { send, jwt: jwtIssuer(keys, "racy") }));
    },
    async guarded(guard, half) {
      return guarded(guard, await openTokensHalf(half, { send, jwt: jwtIssuer(keys, "guarded") }));
    },
  };
}
