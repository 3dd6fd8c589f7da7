import { bearerToken, tokenHash } from "@deadheat/guard";
import { transaction } from "@deadheat/guard/parts";
import type { FastifyInstance } from "fastify";
import { existingProfile } from "../../../accounts/profile.ts";
import { DONE } from "../answers.ts";
import { STAMPS } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { lockToken } from "./lock-token.ts";
import { READ_STAMPS, SAVE_STAMPS } from "./sql.ts";

/**
 * `POST /profile/stamps`: locks the row of the token before it reads and writes the profile. Requests under one
 * token come one after the other, and its revocation waits. Under two tokens of one user nobody waits for
 * anybody, and stamps are lost.
 */
export function stamps(app: FastifyInstance, { database, think }: TokensHalf): void {
  app.post<{ Body: { stamps: number } }>("/profile/stamps", { schema: { body: STAMPS } }, async (request) => {
    const hash = tokenHash(bearerToken(request.headers.authorization, "lab"));
    await transaction(database, {}, async ({ tx }) => {
      const subject = await lockToken(tx, hash);
      const before = existingProfile((await tx.query(READ_STAMPS, [subject])).rows).stamps;
      await think();
      await tx.query(SAVE_STAMPS, [subject, before + request.body.stamps]);
    });
    return DONE;
  });
}
