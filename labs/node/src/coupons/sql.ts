export const INSERT_COUPON = "INSERT INTO coupons (code, value, issuer) VALUES ($1, $2, $3)";

export const SELECT_COUPON = "SELECT code, value, redeemed FROM coupons WHERE code = $1";

export const SELECT_ISSUER = "SELECT code, value, redeemed, issuer::text FROM coupons WHERE code = $1";
