import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { DONE, forbidden, noSuch } from "../answers.ts";
import { BUDGET, TEAM_PATH } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { mayManage } from "../teams.ts";
import { ADD_BUDGET, SELECT_ROLE } from "./sql.ts";

/** `POST /teams/{team}/budget`: whoever was a manager when it looked, and may be none any more when it writes. */
export function budget(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Params: { team: string }; Body: { amount: number } }>(
    "/teams/:team/budget",
    { schema: { params: TEAM_PATH, body: BUDGET } },
    async (request) => {
      const { team } = request.params;
      const { subject } = await authenticate(half, request.headers.authorization);
      const { rows } = await half.database.query(SELECT_ROLE, [team, subject]);
      if (!rows[0]) throw noSuch("team");
      if (!mayManage(rows[0].role)) throw forbidden("manager");
      await half.think();
      await half.database.query(ADD_BUDGET, [team, request.body.amount]);
      return DONE;
    },
  );
}
