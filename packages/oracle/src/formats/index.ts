import { OracleError } from "../errors.ts";
import type { History } from "../history.ts";
import { readHistory } from "./deadheat.ts";
import { readJepsenEtcd } from "./jepsen-etcd.ts";
import { readKvEdn } from "./kv-edn.ts";

export { HISTORY_SCHEMA, readHistory, writeHistory } from "./deadheat.ts";
export { readJepsenEtcd } from "./jepsen-etcd.ts";
export { readKvEdn } from "./kv-edn.ts";

const READERS = {
  "jepsen-etcd": readJepsenEtcd,
  "kv-edn": readKvEdn,
  deadheat: readHistory,
} as const;

export type HistoryFormat = keyof typeof READERS;

/** The formats that `readFormat` knows. */
export const historyFormats = Object.keys(READERS) as readonly HistoryFormat[];

/**
 * Reads a history in a format given by name.
 *
 * @throws OracleError `unknown-format`, `malformed-history`
 */
export function readFormat(text: string, format: string): History<unknown, unknown> {
  if (!Object.hasOwn(READERS, format)) {
    throw new OracleError(
      "unknown-format",
      `no format ${JSON.stringify(format)}; there are ${historyFormats.join(", ")}`,
    );
  }
  return READERS[format as HistoryFormat](text);
}
