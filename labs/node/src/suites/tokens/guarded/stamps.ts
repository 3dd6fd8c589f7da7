import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { existingProfile } from "../../../accounts/profile.ts";
import { DONE } from "../answers.ts";
import { STAMPS } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { LOCK_STAMPS, SAVE_STAMPS } from "./sql.ts";

/** `POST /profile/stamps`: locks the row that it reads and writes, whichever token the request came with. */
export function stamps(app: FastifyInstance, guard: Guard, half: TokensHalf): void {
  app.post<{ Body: { stamps: number } }>("/profile/stamps", { schema: { body: STAMPS } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      await half.think();
      const before = existingProfile((await tx.query(LOCK_STAMPS, [principal.subject])).rows).stamps;
      await tx.query(SAVE_STAMPS, [principal.subject, before + request.body.stamps]);
      return DONE;
    }),
  );
}
