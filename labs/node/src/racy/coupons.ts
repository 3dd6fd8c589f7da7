import type { FastifyInstance } from "fastify";
import { couponCode, existing, notYours } from "../coupons/coupon.ts";
import { INSERT_COUPON, SELECT_COUPON, SELECT_ISSUER } from "../coupons/sql.ts";
import type { Half } from "../half.ts";
import { COUPON, COUPON_PATH } from "../schemas.ts";
import { authenticate } from "./authenticate.ts";
import { DELETE_COUPON } from "./sql.ts";

/** `POST /coupons`, `GET /coupons/{code}` and `DELETE /coupons/{code}`. */
export function coupons(app: FastifyInstance, half: Half): void {
  app.post<{ Body: { value: number } }>("/coupons", { schema: { body: COUPON } }, async (request, reply) => {
    const { subject } = await authenticate(half, request.headers.authorization);
    const coupon = { code: couponCode(), value: request.body.value };
    await half.database.query(INSERT_COUPON, [coupon.code, coupon.value, subject]);
    return reply.code(201).send(coupon);
  });

  app.get<{ Params: { code: string } }>(
    "/coupons/:code",
    { schema: { params: COUPON_PATH } },
    async (request) => {
      await authenticate(half, request.headers.authorization);
      const { rows } = await half.database.query(SELECT_COUPON, [request.params.code]);
      return existing(rows);
    },
  );

  app.delete<{ Params: { code: string } }>(
    "/coupons/:code",
    { schema: { params: COUPON_PATH } },
    async (request, reply) => {
      const { subject } = await authenticate(half, request.headers.authorization);
      const { rows } = await half.database.query(SELECT_ISSUER, [request.params.code]);
      if (existing(rows).issuer !== subject) throw notYours();
      await half.database.query(DELETE_COUPON, [request.params.code]);
      return reply.code(204).send();
    },
  );
}
