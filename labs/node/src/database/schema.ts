/** The tables of one half, in the schema that the connection's search_path names. */
export const TABLES = `
CREATE TABLE users (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username      text NOT NULL UNIQUE,
  password_salt bytea NOT NULL,
  password_hash bytea NOT NULL
);
CREATE TABLE profiles (
  user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  score   integer NOT NULL DEFAULT 0,
  balance integer NOT NULL DEFAULT 0
);
CREATE TABLE coupons (
  code     text PRIMARY KEY,
  value    integer NOT NULL,
  redeemed boolean NOT NULL DEFAULT false,
  issuer   bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX coupons_issuer ON coupons (issuer);
`;
