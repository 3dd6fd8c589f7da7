import type { FastifyInstance } from "fastify";
import { logIn } from "../../accounts/log-in.ts";
import { sessionAnswer } from "./answers.ts";
import { SESSION, type SessionForm } from "./forms.ts";
import { ACCESS_SECONDS, REFRESH_SECONDS, type TokensHalf } from "./half.ts";

/** `POST /sessions` with a refresh token beside the access token, whose lifetime may be asked for. */
export function sessions(app: FastifyInstance, { database, sessions }: TokensHalf): void {
  logIn<SessionForm>(app, database, {
    path: "/sessions",
    body: SESSION,
    async open(tx, userId, { ttl = ACCESS_SECONDS }) {
      const lifetimes = { accessSeconds: ttl, refreshSeconds: REFRESH_SECONDS };
      return sessionAnswer(await sessions.open(tx, userId, lifetimes), ttl);
    },
  });
}

/** `POST /jwt/sessions`: a token that carries its own claims, of which nothing is stored. */
export function jwtSessions(app: FastifyInstance, { database, jwt }: TokensHalf): void {
  logIn<SessionForm>(app, database, {
    path: "/jwt/sessions",
    body: SESSION,
    async open(_tx, userId, { ttl = ACCESS_SECONDS }) {
      return { access_token: await jwt.issue(userId, ttl), token_type: "Bearer", expires_in: ttl };
    },
  });
}
