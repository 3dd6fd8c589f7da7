import type { FastifyInstance } from "fastify";
import { existingProfile } from "../accounts/profile.ts";
import { SELECT_PROFILE } from "../accounts/sql.ts";
import type { Half } from "../half.ts";
import { authenticate } from "./authenticate.ts";

/** `GET /profile`. */
export function profile(app: FastifyInstance, half: Half): void {
  app.get("/profile", async (request) => {
    const { subject } = await authenticate(half, request.headers.authorization);
    const { rows } = await half.database.query(SELECT_PROFILE, [subject]);
    return existingProfile(rows);
  });
}
