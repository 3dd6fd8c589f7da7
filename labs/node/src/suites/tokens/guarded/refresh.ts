import type { FastifyInstance } from "fastify";
import { invalidGrant, sessionAnswer } from "../answers.ts";
import { REFRESH } from "../forms.ts";
import { ACCESS_SECONDS, REFRESH_SECONDS, type TokensHalf } from "../half.ts";

/** `POST /tokens/refresh`: one exchange succeeds; whoever else has the token ends the session. */
export function refresh(app: FastifyInstance, { sessions, think }: TokensHalf): void {
  app.post<{ Body: { refresh_token: string } }>(
    "/tokens/refresh",
    { schema: { body: REFRESH } },
    async (request, reply) => {
      await think();
      const lifetimes = { accessSeconds: ACCESS_SECONDS, refreshSeconds: REFRESH_SECONDS };
      const answer = await sessions.refresh(request.body.refresh_token, lifetimes);
      if (answer.status === "refused") throw invalidGrant();
      return reply.header("cache-control", "no-store").send(sessionAnswer(answer, ACCESS_SECONDS));
    },
  );
}
