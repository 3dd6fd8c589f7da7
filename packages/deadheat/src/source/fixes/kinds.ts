import { countInDatabase } from "./count-in-database.ts";
import type { SourceFix } from "./fix.ts";
import { lockRow } from "./lock-row.ts";
import { nameColumns } from "./name-columns.ts";

/** All fixes. For one finding they are tried in this order: what needs no lock comes before what does. */
export const fixes: readonly SourceFix[] = [countInDatabase, nameColumns, lockRow];
