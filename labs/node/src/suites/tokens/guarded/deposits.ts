import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { makeDeposit } from "../deposits.ts";
import { DEPOSIT, IDEMPOTENCY_HEADER } from "../forms.ts";
import type { TokensHalf } from "../half.ts";

interface Call {
  Headers: { "idempotency-key": string };
  Body: { amount: number };
}

/** `POST /deposits`: the key comes first, unique by the table's word, and goes if the rest of it does not come about. */
export function deposits(app: FastifyInstance, guard: Guard, { keys, think }: TokensHalf): void {
  app.post<Call>(
    "/deposits",
    { schema: { headers: IDEMPOTENCY_HEADER, body: DEPOSIT } },
    async (request, reply) => {
      const { amount } = request.body;
      const named = { key: request.headers["idempotency-key"], request: ["POST /deposits", amount] };
      const { answer } = await guard.run(request.headers.authorization, (guarded) =>
        keys.once(guarded, named, async () => {
          await think();
          return makeDeposit(guarded.tx, guarded.principal.subject, amount);
        }),
      );
      return reply.code(201).send(answer);
    },
  );
}
