import type { FastifyInstance } from "fastify";
import { existingProfile } from "../../../accounts/profile.ts";
import { authenticate } from "../../../racy/authenticate.ts";
import type { TokensHalf } from "../half.ts";
import { SELECT_PROFILE } from "../profile.ts";

/** `GET /profile`. */
export function profile(app: FastifyInstance, half: TokensHalf): void {
  app.get("/profile", async (request) => {
    const { subject } = await authenticate(half, request.headers.authorization);
    return existingProfile((await half.database.query(SELECT_PROFILE, [subject])).rows);
  });
}
