import { bind, type Endpoints } from "../../../endpoints.ts";
import { codes } from "../codes.ts";
import type { TokensHalf } from "../half.ts";
import { jwks } from "../jwks.ts";
import { jwtSessions, sessions } from "../log-ins.ts";
import { about } from "./about.ts";
import { account } from "./account.ts";
import { budget } from "./budget.ts";
import { deposits } from "./deposits.ts";
import { documents } from "./documents.ts";
import { edit } from "./edit.ts";
import { jwtLogout, jwtProfile, jwtScore } from "./jwt.ts";
import { logout } from "./logout.ts";
import { points } from "./points.ts";
import { profile } from "./profile.ts";
import { redeemCode } from "./redeem-code.ts";
import { refresh } from "./refresh.ts";
import { role } from "./role.ts";
import { stamps } from "./stamps.ts";
import { teams } from "./teams.ts";
import { transfer } from "./transfer.ts";

export function racy(half: TokensHalf): Endpoints {
  const own = { account, logout, profile };
  const profiles = { points, stamps, about };
  const others = { teams, role, budget, documents, edit, transfer, deposits };
  return {
    open: bind({ sessions, refresh, codes, redeemCode, jwtSessions, jwks }, half),
    bearer: bind({ ...own, ...profiles, ...others, jwtProfile, jwtScore, jwtLogout }, half),
  };
}
