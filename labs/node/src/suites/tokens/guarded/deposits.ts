import { createHash } from "node:crypto";
import { type Guard, type Guarded, lockKey } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { keyInUse, keyReused } from "../answers.ts";
import { type Deposit, fingerprint, makeDeposit } from "../deposits.ts";
import { DEPOSIT, IDEMPOTENCY_HEADER } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { CLAIM_KEY, SAVE_ANSWER, SELECT_ANSWER, TRY_LOCK } from "./sql.ts";

interface Call {
  Headers: { "idempotency-key": string };
  Body: { amount: number };
}

/** `POST /deposits`: the key comes first, unique by the table's word, and goes if the rest of it does not come about. */
export function deposits(app: FastifyInstance, guard: Guard, half: TokensHalf): void {
  app.post<Call>(
    "/deposits",
    { schema: { headers: IDEMPOTENCY_HEADER, body: DEPOSIT } },
    async (request, reply) => {
      const key = request.headers["idempotency-key"];
      const deposit = await guard.run(request.headers.authorization, async (guarded) => {
        const before = await claim(half, guarded, key, request.body);
        if (before) return before;
        const { tx, principal } = guarded;
        await half.think();
        const made = await makeDeposit(tx, principal.subject, request.body.amount);
        await tx.query(SAVE_ANSWER, [principal.subject, key, made]);
        return made;
      });
      return reply.code(201).send(deposit);
    },
  );
}

/** The answer of the request that came with the same key before; undefined where this is the first. */
async function claim(half: TokensHalf, { tx, principal }: Guarded, key: string, body: { amount: number }) {
  const print = fingerprint(body);
  // Without it the INSERT would wait until the first request is done: the draft asks for a 409 instead.
  const name = `idempotency ${half.schema} ${principal.subject} ${key}`;
  const lock = lockKey(createHash("sha256").update(name).digest());
  if (!(await tx.query(TRY_LOCK, [lock])).rows[0].granted) throw keyInUse();
  if ((await tx.query(CLAIM_KEY, [principal.subject, key, print])).rowCount === 1) return undefined;
  const { rows } = await tx.query<{ fingerprint: Buffer; answer: Deposit }>(SELECT_ANSWER, [
    principal.subject,
    key,
  ]);
  const [known] = rows;
  if (!print.equals(known!.fingerprint)) throw keyReused();
  return known!.answer;
}
