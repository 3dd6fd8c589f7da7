import { type IssuedSession, opaqueToken, tokenHash } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { invalidGrant, sessionAnswer } from "../answers.ts";
import { REFRESH } from "../forms.ts";
import { ACCESS_SECONDS, REFRESH_SECONDS, type TokensHalf } from "../half.ts";
import { endSession } from "./end-session.ts";
import { INSERT_REFRESH_TOKEN, MARK_USED, SELECT_REFRESH_TOKEN } from "./sql.ts";

/**
 * `POST /tokens/refresh`: all who ask before the first one has marked the token get a successor, and each
 * of these lives on. The reuse that it does detect is the late one.
 */
export function refresh(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Body: { refresh_token: string } }>(
    "/tokens/refresh",
    { schema: { body: REFRESH } },
    async (request, reply) => {
      const hash = tokenHash(request.body.refresh_token);
      const [token] = (await half.database.query(SELECT_REFRESH_TOKEN, [hash])).rows;
      if (!token || token.over) throw invalidGrant();
      if (token.used) {
        await endSession(half, token.session);
        throw invalidGrant();
      }
      await half.think();
      await half.database.query(MARK_USED, [hash]);
      const next = await issue(half, token.session, token.subject);
      return reply.header("cache-control", "no-store").send(sessionAnswer(next, ACCESS_SECONDS));
    },
  );
}

async function issue(half: TokensHalf, session: string, subject: string): Promise<IssuedSession> {
  const { database, tokens } = half;
  const access = await tokens.issue(database, { subject, lifetimeSeconds: ACCESS_SECONDS, session });
  const refreshToken = opaqueToken("dhf");
  await database.query(INSERT_REFRESH_TOKEN, [tokenHash(refreshToken), session, REFRESH_SECONDS]);
  return { access, refreshToken };
}
