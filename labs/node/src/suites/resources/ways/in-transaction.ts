import type { Guarded } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { SELECT_ROWS, type Work } from "./way.ts";

/** The work of an operation inside one transaction, which reads without any lock unless told otherwise. */
export function inTransaction(half: Half, { tx, principal }: Guarded, other: Partial<Work> = {}): Work {
  return {
    subject: principal.subject,
    query: (text, values) => tx.query(text, values),
    rows: async (table, ids) => (await tx.query(SELECT_ROWS(table), [ids])).rows,
    think: half.think,
    pause: half.think,
    ...other,
  };
}

/** Where thinking under a lock would only make everybody wait: it is done before. */
export const thoughtBefore = async () => {};
