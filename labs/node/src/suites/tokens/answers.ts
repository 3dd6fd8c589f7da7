import type { IssuedSession } from "@deadheat/guard";
import { Problem } from "../../problem.ts";

/** What a log-in and a refresh answer. */
export function sessionAnswer({ access, refreshToken }: IssuedSession, accessSeconds: number): object {
  return {
    access_token: access.token,
    token_type: "Bearer",
    expires_in: accessSeconds,
    refresh_token: refreshToken,
  };
}

export const DONE = { status: "ok" };

/** What both halves refuse, in the same words. */
export const invalidGrant = () =>
  new Problem(400, "Bad Request", "The refresh token is unknown, expired, used or revoked.");

export const wrongCode = () =>
  new Problem(400, "Bad Request", "The code is wrong, expired, used or was tried too often.");

export const noSuch = (what: "team" | "document") =>
  new Problem(404, "Not Found", `There is no such ${what}.`);

export const noSuchUser = () => new Problem(422, "Unprocessable Content", "There is no such user.");

export const forbidden = (role: string) => new Problem(403, "Forbidden", `This takes the role ${role}.`);

export const immovable = () => new Problem(409, "Conflict", "The role of an admin does not change.");

/** As the guard says it (draft-ietf-httpapi-idempotency-key-header §2.7). */
export const keyReused = () =>
  new Problem(422, "Unprocessable Content", "The Idempotency-Key was used for another request.");
