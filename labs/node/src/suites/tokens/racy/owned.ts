import { noSuch } from "../answers.ts";
import type { TokensHalf } from "../half.ts";
import { SELECT_OWNER } from "./sql.ts";

/** Throws where the document is somebody else's. Whose it is when the caller gets round to it, it cannot say. */
export async function ownedBy({ database }: TokensHalf, subject: string, document: string): Promise<void> {
  const { rows } = await database.query(SELECT_OWNER, [document]);
  if (rows[0]?.owner !== subject) throw noSuch("document");
}
