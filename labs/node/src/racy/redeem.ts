import type { FastifyInstance } from "fastify";
import { alreadyRedeemed, existing } from "../coupons/coupon.ts";
import { SELECT_COUPON } from "../coupons/sql.ts";
import type { Half } from "../half.ts";
import { COUPON_PATH } from "../schemas.ts";
import { authenticate } from "./authenticate.ts";
import { ADD_BALANCE, MARK_REDEEMED } from "./sql.ts";

/** `POST /coupons/{code}/redeem`: all who ask before the first one has marked it are paid. */
export function redeem(app: FastifyInstance, half: Half): void {
  app.post<{ Params: { code: string } }>(
    "/coupons/:code/redeem",
    { schema: { params: COUPON_PATH } },
    async (request, reply) => {
      const { subject } = await authenticate(half, request.headers.authorization);
      const { rows } = await half.database.query(SELECT_COUPON, [request.params.code]);
      const { code, value, redeemed } = existing(rows);
      if (redeemed) throw alreadyRedeemed();
      await half.think();
      await half.database.query(MARK_REDEEMED, [code]);
      await half.database.query(ADD_BALANCE, [subject, value]);
      return reply.code(201).send({ status: "ok" });
    },
  );
}
