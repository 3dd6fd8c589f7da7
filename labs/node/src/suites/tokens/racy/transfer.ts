import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { DONE, noSuchUser } from "../answers.ts";
import { DOCUMENT_PATH, TRANSFER } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { SELECT_USER_ID } from "../teams.ts";
import { ownedBy } from "./owned.ts";
import { SAVE_OWNER } from "./sql.ts";

/** `POST /documents/{id}/transfer`: given away at once to two, it goes to the later one, and both are told so. */
export function transfer(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Params: { id: string }; Body: { to: string } }>(
    "/documents/:id/transfer",
    { schema: { params: DOCUMENT_PATH, body: TRANSFER } },
    async (request) => {
      const { id } = request.params;
      const { subject } = await authenticate(half, request.headers.authorization);
      await ownedBy(half, subject, id);
      if ((await half.database.query(SELECT_USER_ID, [request.body.to])).rowCount !== 1) throw noSuchUser();
      await half.database.query(SAVE_OWNER, [id, request.body.to]);
      return DONE;
    },
  );
}
