import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { alreadyRedeemed, existing } from "../coupons/coupon.ts";
import { SELECT_COUPON } from "../coupons/sql.ts";
import { bind } from "../endpoints.ts";
import { ADD_BALANCE } from "../guarded/sql.ts";
import type { Half } from "../half.ts";
import { COUPON_PATH } from "../schemas.ts";
import type { Break } from "./break.ts";

/** Tests in one statement, spends in another that has no condition of its own. */
export const redeemCheckThenAct: Break = {
  bearer: (guard, half) => bind({ redeem }, guard, half),
};

const MARK_REDEEMED = "UPDATE coupons SET redeemed = true WHERE code = $1";

function redeem(app: FastifyInstance, guard: Guard, half: Half): void {
  app.post<{ Params: { code: string } }>(
    "/coupons/:code/redeem",
    { schema: { params: COUPON_PATH } },
    async (request, reply) => {
      await guard.run(request.headers.authorization, async ({ tx, principal }) => {
        const { rows } = await tx.query(SELECT_COUPON, [request.params.code]);
        const { code, value, redeemed } = existing(rows);
        if (redeemed) throw alreadyRedeemed();
        await half.think();
        await tx.query(MARK_REDEEMED, [code]);
        await tx.query(ADD_BALANCE, [principal.subject, value]);
      });
      return reply.code(201).send({ status: "ok" });
    },
  );
}
