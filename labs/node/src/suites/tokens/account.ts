import { DELETE_TOKENS, DELETE_USER } from "../../accounts/sql.ts";

/** The user and everything of theirs, in the order in which other transactions lock it. All go by the user's id. */
export const FAREWELL: readonly string[] = [
  "DELETE FROM sessions WHERE subject = $1",
  "DELETE FROM one_time_codes WHERE subject = $1",
  "DELETE FROM idempotency_keys WHERE subject = $1",
  DELETE_TOKENS,
  DELETE_USER,
];
