import type { TokensHalf } from "../half.ts";
import { END_SESSION, REVOKE_ACCESS_TOKENS } from "./sql.ts";

/** One statement after the other, and what is in flight under the session's tokens goes on. */
export async function endSession({ database }: TokensHalf, session: string): Promise<void> {
  await database.query(REVOKE_ACCESS_TOKENS, [session]);
  await database.query(END_SESSION, [session]);
}
