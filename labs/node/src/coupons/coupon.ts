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

export function existing(rows: readonly Coupon[]): Coupon {
  const [coupon] = rows;
  if (!coupon) throw new Problem(404, "Not Found", "There is no such coupon.");
  return coupon;
}

export function alreadyRedeemed(): Problem {
  return new Problem(409, "Conflict", "The coupon has been redeemed.");
}
