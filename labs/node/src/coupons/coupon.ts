import { randomBytes } from "node:crypto";
import { Problem } from "../problem.ts";

/** What both halves say about a coupon. */
export interface Coupon {
  readonly code: string;
  readonly value: number;
  readonly redeemed: boolean;
}

export function couponCode(): string {
  return randomBytes(9).toString("base64url");
}

export function existing<Row extends Coupon>(rows: readonly Row[]): Row {
  const [coupon] = rows;
  if (!coupon) throw new Problem(404, "Not Found", "There is no such coupon.");
  return coupon;
}

export function notYours(): Problem {
  return new Problem(403, "Forbidden", "Only who issued the coupon may delete it.");
}

export function alreadyRedeemed(): Problem {
  return new Problem(409, "Conflict", "The coupon has been redeemed.");
}
