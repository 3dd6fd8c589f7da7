import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { alreadyRedeemed, existing } from "../coupons/coupon.ts";
import { SELECT_COUPON } from "../coupons/sql.ts";
import type { Half } from "../half.ts";
import { COUPON_PATH } from "../schemas.ts";
import { ADD_BALANCE, REDEEM } from "./sql.ts";

/** `POST /coupons/{code}/redeem`: the statement that redeems also finds out whether it may. */
export function redeem(app: FastifyInstance, guard: Guard, half: Half): void {
  app.post<{ Params: { code: string } }>(
    "/coupons/:code/redeem",
    { schema: { params: COUPON_PATH } },
    async (request, reply) => {
      const { code } = request.params;
      await guard.run(request.headers.authorization, async ({ tx, principal }) => {
        await half.think();
        const redeemed = await tx.query(REDEEM, [code]);
        if (redeemed.rowCount !== 1) {
          existing((await tx.query(SELECT_COUPON, [code])).rows);
          throw alreadyRedeemed();
        }
        await tx.query(ADD_BALANCE, [principal.subject, redeemed.rows[0].value]);
      });
      return reply.code(201).send({ status: "ok" });
    },
  );
}
