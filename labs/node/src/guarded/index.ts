import { createGuard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { sessions } from "../accounts/sessions.ts";
import { users } from "../accounts/users.ts";
import { wantBearer } from "../bearer.ts";
import type { Half } from "../half.ts";
import { coupons } from "./coupons.ts";
import { logout } from "./logout.ts";
import { profile } from "./profile.ts";
import { redeem } from "./redeem.ts";
import { score } from "./score.ts";

/** The half in which the check and the act are one transaction. */
export function guarded(app: FastifyInstance, half: Half): void {
  const guard = createGuard({ pool: half.database, tokens: half.tokens, realm: "lab" });
  users(app, half);
  sessions(app, half);
  app.register(async (bearer) => {
    wantBearer(bearer);
    for (const endpoint of [logout, profile, score, coupons, redeem]) endpoint(bearer, guard, half);
  });
}
