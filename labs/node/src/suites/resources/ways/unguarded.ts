import type { Half } from "../../../half.ts";
import { authenticate } from "../../../racy/authenticate.ts";
import { SELECT_ROWS, type Way } from "./way.ts";

/** Each statement on its own: what was read may have changed before anything is written. */
export function unguarded(half: Half): Way {
  const { database, think } = half;
  return async (authorization, _names, work) => {
    const { subject } = await authenticate(half, authorization);
    return work({
      subject,
      query: (text, values) => database.query(text, values),
      rows: async (table, ids) => (await database.query(SELECT_ROWS(table), [ids])).rows,
      think,
      pause: think,
    });
  };
}
