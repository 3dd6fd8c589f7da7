/** The statements that only the racy half has: each is harmless, what lies between them is not. */
export const READ_SCORE = "SELECT score FROM profiles WHERE user_id = $1";

/** Saves a value computed elsewhere, from a score that may have changed since. */
export const SAVE_SCORE = "UPDATE profiles SET score = $2 WHERE user_id = $1";

/** Marks without asking whether it was marked before. */
export const MARK_REDEEMED = "UPDATE coupons SET redeemed = true WHERE code = $1";

/** By whoever it is: that was checked before. */
export const DELETE_COUPON = "DELETE FROM coupons WHERE code = $1";

/** Atomic on purpose: the balance then counts every redemption that took effect. */
export const ADD_BALANCE = "UPDATE profiles SET balance = balance + $2 WHERE user_id = $1";
