import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { forbidden, immovable, noSuch, noSuchUser } from "../answers.ts";
import { MEMBER_PATH, ROLE } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { SELECT_USER_ID } from "../teams.ts";
import { SAVE_ROLE, SELECT_ROLE } from "./sql.ts";

interface Call {
  Params: { team: string; user: string };
  Body: { role: "member" | "manager" };
}

/** `PUT /teams/{team}/members/{user}/role`: answers while what the old role allowed is still at work. */
export function role(app: FastifyInstance, half: TokensHalf): void {
  app.put<Call>(
    "/teams/:team/members/:user/role",
    { schema: { params: MEMBER_PATH, body: ROLE } },
    async (request) => {
      const { team, user } = request.params;
      const { subject } = await authenticate(half, request.headers.authorization);
      const roleOf = async (id: string) => (await half.database.query(SELECT_ROLE, [team, id])).rows[0]?.role;
      const own = await roleOf(subject);
      if (own === undefined) throw noSuch("team");
      if (own !== "admin") throw forbidden("admin");
      if ((await half.database.query(SELECT_USER_ID, [user])).rowCount !== 1) throw noSuchUser();
      if ((await roleOf(user)) === "admin") throw immovable();
      await half.database.query(SAVE_ROLE, [team, user, request.body.role]);
      return { user, role: request.body.role };
    },
  );
}
