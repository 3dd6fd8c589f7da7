import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { couponCode, existing, notYours } from "../coupons/coupon.ts";
import { INSERT_COUPON, SELECT_COUPON } from "../coupons/sql.ts";
import { COUPON, COUPON_PATH } from "../schemas.ts";
import { DELETE_COUPON } from "./sql.ts";

/** `POST /coupons`, `GET /coupons/{code}` and `DELETE /coupons/{code}`. */
export function coupons(app: FastifyInstance, guard: Guard): void {
  app.post<{ Body: { value: number } }>("/coupons", { schema: { body: COUPON } }, async (request, reply) => {
    const coupon = { code: couponCode(), value: request.body.value };
    await guard.run(request.headers.authorization, ({ tx, principal }) =>
      tx.query(INSERT_COUPON, [coupon.code, coupon.value, principal.subject]),
    );
    return reply.code(201).send(coupon);
  });

  app.get<{ Params: { code: string } }>("/coupons/:code", { schema: { params: COUPON_PATH } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx }) => {
      const { rows } = await tx.query(SELECT_COUPON, [request.params.code]);
      return existing(rows);
    }),
  );

  app.delete<{ Params: { code: string } }>(
    "/coupons/:code",
    { schema: { params: COUPON_PATH } },
    async (request, reply) => {
      const { code } = request.params;
      await guard.run(request.headers.authorization, async ({ tx, principal }) => {
        const { rowCount } = await tx.query(DELETE_COUPON, [code, principal.subject]);
        if (rowCount === 1) return;
        existing((await tx.query(SELECT_COUPON, [code])).rows);
        throw notYours();
      });
      return reply.code(204).send();
    },
  );
}
