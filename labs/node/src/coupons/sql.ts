export const INSERT_COUPON = "INSERT INTO coupons (code, value) VALUES ($1, $2)";

export const SELECT_COUPON = "SELECT code, value, redeemed FROM coupons WHERE code = $1";
