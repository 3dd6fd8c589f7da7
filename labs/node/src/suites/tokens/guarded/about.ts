import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { DONE } from "../answers.ts";
import { ABOUT } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { SAVE_ABOUT } from "./sql.ts";

/** `PUT /profile/about`: the handler runs once the body is there, and only then is anything locked. */
export function about(app: FastifyInstance, guard: Guard, half: TokensHalf): void {
  app.put<{ Body: { about: string } }>("/profile/about", { schema: { body: ABOUT } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      await half.think();
      await tx.query(SAVE_ABOUT, [principal.subject, request.body.about]);
      return DONE;
    }),
  );
}
