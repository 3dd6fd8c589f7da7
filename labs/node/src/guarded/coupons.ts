import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { couponCode, existing } from "../coupons/coupon.ts";
import { INSERT_COUPON, SELECT_COUPON } from "../coupons/sql.ts";
import { COUPON, COUPON_PATH } from "../schemas.ts";

/** `POST /coupons` and `GET /coupons/{code}`. */
export function coupons(app: FastifyInstance, guard: Guard): void {
  app.post<{ Body: { value: number } }>("/coupons", { schema: { body: COUPON } }, async (request, reply) => {
    const coupon = { code: couponCode(), value: request.body.value };
    await guard.run(request.headers.authorization, ({ tx }) =>
      tx.query(INSERT_COUPON, [coupon.code, coupon.value]),
    );
    return reply.code(201).send(coupon);
  });

  app.get<{ Params: { code: string } }>("/coupons/:code", { schema: { params: COUPON_PATH } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx }) => {
      const { rows } = await tx.query(SELECT_COUPON, [request.params.code]);
      return existing(rows);
    }),
  );
}
