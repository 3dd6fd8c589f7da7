import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { DONE, forbidden, noSuch } from "../answers.ts";
import { BUDGET, TEAM_PATH } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { mayManage } from "../teams.ts";
import { ADD_BUDGET, LOCK_ROLE } from "./sql.ts";

/** `POST /teams/{team}/budget`: the role stays what it was until the budget is written. */
export function budget(app: FastifyInstance, guard: Guard, half: TokensHalf): void {
  app.post<{ Params: { team: string }; Body: { amount: number } }>(
    "/teams/:team/budget",
    { schema: { params: TEAM_PATH, body: BUDGET } },
    (request) =>
      guard.run(request.headers.authorization, async ({ tx, principal }) => {
        const { team } = request.params;
        await half.think();
        const { rows } = await tx.query(LOCK_ROLE, [team, principal.subject]);
        if (!rows[0]) throw noSuch("team");
        if (!mayManage(rows[0].role)) throw forbidden("manager");
        await tx.query(ADD_BUDGET, [team, request.body.amount]);
        return DONE;
      }),
  );
}
