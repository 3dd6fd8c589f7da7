import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { KEEP_USER } from "../../../accounts/sql.ts";
import { forbidden, immovable, noSuch, noSuchUser } from "../answers.ts";
import { MEMBER_PATH, ROLE } from "../forms.ts";
import { LOCK_ROLE, SAVE_ROLE } from "./sql.ts";

interface Call {
  Params: { team: string; user: string };
  Body: { role: "member" | "manager" };
}

/** `PUT /teams/{team}/members/{user}/role`: answers once everything that the old role allowed has committed. */
export function role(app: FastifyInstance, guard: Guard): void {
  app.put<Call>(
    "/teams/:team/members/:user/role",
    { schema: { params: MEMBER_PATH, body: ROLE } },
    (request) =>
      guard.run(request.headers.authorization, async ({ tx, principal }) => {
        const { team, user } = request.params;
        const own = (await tx.query(LOCK_ROLE, [team, principal.subject])).rows[0]?.role;
        if (own === undefined) throw noSuch("team");
        if (own !== "admin") throw forbidden("admin");
        if ((await tx.query(KEEP_USER, [user])).rowCount !== 1) throw noSuchUser();
        const { rowCount } = await tx.query(SAVE_ROLE, [team, user, request.body.role]);
        if (rowCount !== 1) throw immovable();
        return { user, role: request.body.role };
      }),
  );
}
