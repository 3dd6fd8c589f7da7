import { Problem } from "../../problem.ts";
import type { Table, Work } from "./ways/way.ts";

export const DONE = { status: "ok" };

export const noSuch = (what: string) => new Problem(404, "Not Found", `There is no such ${what}.`);

export const refused = (why: string) => new Problem(409, "Conflict", why);

/** The row that is decided by, whoever asks. */
export async function existing(work: Work, table: Table, id: string) {
  const [row] = await work.rows(table, [id]);
  if (!row) throw noSuch(table.slice(0, -1));
  return row;
}

/** The same, of the caller's own. */
export async function own(work: Work, table: Table, id: string) {
  const row = await existing(work, table, id);
  if (row.owner_id !== work.subject) throw noSuch(table.slice(0, -1));
  return row;
}

/** The two refusals of the Idempotency-Key draft (draft-ietf-httpapi-idempotency-key-header §2.7). */
export const keyInUse = () => refused("A request with this Idempotency-Key is being worked on.");

export const keyReused = () =>
  new Problem(422, "Unprocessable Content", "The Idempotency-Key was used for another request.");
