import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { noSuch } from "../answers.ts";
import { TEAM, TEAM_PATH } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { INSERT_TEAM, SELECT_TEAM } from "../teams.ts";

/** `POST /teams` and `GET /teams/{team}`. */
export function teams(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Body: { name: string } }>("/teams", { schema: { body: TEAM } }, async (request, reply) => {
    const { subject } = await authenticate(half, request.headers.authorization);
    const { rows } = await half.database.query(INSERT_TEAM, [subject, request.body.name]);
    return reply.code(201).send(rows[0]);
  });

  app.get<{ Params: { team: string } }>(
    "/teams/:team",
    { schema: { params: TEAM_PATH } },
    async (request) => {
      const { subject } = await authenticate(half, request.headers.authorization);
      const { rows } = await half.database.query(SELECT_TEAM, [request.params.team, subject]);
      if (!rows[0]) throw noSuch("team");
      return rows[0];
    },
  );
}
