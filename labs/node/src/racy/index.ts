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

/** The half that checks first and acts later. */
export function racy(app: FastifyInstance, half: Half): void {
  users(app, half);
  sessions(app, half);
  app.register(async (bearer) => {
    wantBearer(bearer);
    for (const endpoint of [logout, profile, score, coupons, redeem]) endpoint(bearer, half);
  });
}
