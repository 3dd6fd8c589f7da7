import { Problem } from "../problem.ts";

/** The one row of a profile. Where a check of the token is no lock on it, the user may be gone by now. */
export function existingProfile<Row>(rows: readonly Row[]): Row {
  const [profile] = rows;
  if (!profile) throw new Problem(404, "Not Found", "There is no such profile any more.");
  return profile;
}
