import type { FastifyInstance } from "fastify";
import type { Half } from "../half.ts";
import { CREDENTIALS } from "../schemas.ts";
import { logIn } from "./log-in.ts";

const LIFETIME_SECONDS = 3600;

/** `POST /sessions`: each log-in gives a token of its own, beside those that the user already has. */
export function sessions(app: FastifyInstance, { database, tokens }: Half): void {
  logIn(app, database, {
    path: "/sessions",
    body: CREDENTIALS,
    async open(tx, subject) {
      const { token } = await tokens.issue(tx, { subject, lifetimeSeconds: LIFETIME_SECONDS });
      return { access_token: token, token_type: "Bearer", expires_in: LIFETIME_SECONDS };
    },
  });
}
