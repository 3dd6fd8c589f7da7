import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { noSuch } from "../answers.ts";
import { TEAM, TEAM_PATH } from "../forms.ts";
import { INSERT_TEAM, SELECT_TEAM } from "../teams.ts";

/** `POST /teams` and `GET /teams/{team}`. */
export function teams(app: FastifyInstance, guard: Guard): void {
  app.post<{ Body: { name: string } }>("/teams", { schema: { body: TEAM } }, async (request, reply) => {
    const team = await guard.run(request.headers.authorization, async ({ tx, principal }) => {
      const { rows } = await tx.query(INSERT_TEAM, [principal.subject, request.body.name]);
      return rows[0];
    });
    return reply.code(201).send(team);
  });

  app.get<{ Params: { team: string } }>("/teams/:team", { schema: { params: TEAM_PATH } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      const { rows } = await tx.query(SELECT_TEAM, [request.params.team, principal.subject]);
      if (!rows[0]) throw noSuch("team");
      return rows[0];
    }),
  );
}
