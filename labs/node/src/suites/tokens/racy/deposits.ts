import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { keyReused } from "../answers.ts";
import { fingerprint, makeDeposit } from "../deposits.ts";
import { DEPOSIT, IDEMPOTENCY_HEADER } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { SAVE_ANSWER, SELECT_ANSWER } from "./sql.ts";

interface Call {
  Headers: { "idempotency-key": string };
  Body: { amount: number };
}

/** `POST /deposits`: the key is known only once the first request with it is done, so that the second one acts too. */
export function deposits(app: FastifyInstance, half: TokensHalf): void {
  app.post<Call>(
    "/deposits",
    { schema: { headers: IDEMPOTENCY_HEADER, body: DEPOSIT } },
    async (request, reply) => {
      const key = request.headers["idempotency-key"];
      const print = fingerprint(request.body);
      const { subject } = await authenticate(half, request.headers.authorization);
      const [known] = (await half.database.query(SELECT_ANSWER, [subject, key])).rows;
      if (known) {
        if (!print.equals(known.fingerprint)) throw keyReused();
        return reply.code(201).send(known.answer);
      }
      await half.think();
      const deposit = await makeDeposit(half.database, subject, request.body.amount);
      await half.database.query(SAVE_ANSWER, [subject, key, print, deposit]);
      return reply.code(201).send(deposit);
    },
  );
}
