import type { Guard } from "@deadheat/guard";
import { sessions } from "../accounts/sessions.ts";
import { users } from "../accounts/users.ts";
import { bind, type Endpoints } from "../endpoints.ts";
import type { Half } from "../half.ts";
import { account } from "./account.ts";
import { coupons } from "./coupons.ts";
import { logout } from "./logout.ts";
import { profile } from "./profile.ts";
import { redeem } from "./redeem.ts";
import { score } from "./score.ts";

/** The half in which the check and the act are one transaction. */
export function guarded(guard: Guard, half: Half): Endpoints {
  return {
    open: bind({ users, sessions }, half),
    bearer: bind({ logout, profile, score, coupons, redeem, account }, guard, half),
  };
}
