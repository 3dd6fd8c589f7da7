/** The statements that only the guarded half has: each decides and changes in one. */
export const ADD_SCORE = "UPDATE profiles SET score = score + $2 WHERE user_id = $1";

/** Whoever gets a row redeemed the coupon; a second one waits for the first, and gets none. */
export const REDEEM = "UPDATE coupons SET redeemed = true WHERE code = $1 AND NOT redeemed RETURNING value";

export const DELETE_COUPON = "DELETE FROM coupons WHERE code = $1 AND issuer = $2";

export const ADD_BALANCE = "UPDATE profiles SET balance = balance + $2 WHERE user_id = $1";
