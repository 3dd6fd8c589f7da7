import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { existingProfile } from "../../../accounts/profile.ts";
import { SELECT_PROFILE } from "../profile.ts";

/** `GET /profile`. */
export function profile(app: FastifyInstance, guard: Guard): void {
  app.get("/profile", (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) =>
      existingProfile((await tx.query(SELECT_PROFILE, [principal.subject])).rows),
    ),
  );
}
