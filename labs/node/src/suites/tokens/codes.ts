import type { FastifyInstance } from "fastify";
import { SELECT_USER } from "../../accounts/sql.ts";
import { DOMAIN } from "../../mail.ts";
import { CODE_REQUEST } from "./forms.ts";
import { CODE_SECONDS, type TokensHalf } from "./half.ts";

/**
 * `POST /codes`: a code to log in with once, by mail to `<username>@lab.example`. That the answer holds the
 * code as well is for tests without a mailbox. An unknown name gets the same answer, with a code that is
 * never right, and no mail.
 */
export function codes(app: FastifyInstance, { database, codes, send }: TokensHalf): void {
  app.post<{ Body: { username: string } }>(
    "/codes",
    { schema: { body: CODE_REQUEST } },
    async (request, reply) => {
      const { username } = request.body;
      const [user] = (await database.query(SELECT_USER, [username])).rows;
      const grant = { lifetimeSeconds: CODE_SECONDS, ...(user ? { subject: user.id } : {}) };
      const { id, code } = await codes.issue(database, grant);
      if (user)
        await send({ to: `${username}@${DOMAIN}`, subject: "Your code to log in", text: letter(code) });
      return reply.code(201).header("cache-control", "no-store").send({ id, code, expires_in: CODE_SECONDS });
    },
  );
}

function letter(code: string): string {
  return `Your code is ${code}.\n\nIt is good for one log-in within the next ten minutes.\n`;
}
