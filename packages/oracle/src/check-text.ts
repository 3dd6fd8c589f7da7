import { type CheckOptions, type CheckStats, check } from "./check.ts";
import { readFormat } from "./formats/index.ts";
import { modelNamed } from "./models/named.ts";
import type { Verdict } from "./verdict.ts";
import type { Witness } from "./witness/witness.ts";

/** The `schema` of a {@link TextResult}. */
export const RESULT_SCHEMA = "deadheat-history-check/1";

/** What `deadheat history check` prints: JSON as it stands. */
export interface TextResult {
  readonly schema: typeof RESULT_SCHEMA;
  readonly verdict: Verdict;
  readonly witness?: Witness;
  readonly stats: CheckStats;
}

/**
 * Checks a history given as text.
 *
 * @param format one of `historyFormats`
 * @param model one of `modelNames`, such as `kv` or `limit:3`
 * @throws OracleError for a format, model, text or history that is none
 */
export function checkText(
  text: string,
  { format, model, ...options }: CheckOptions & { readonly format: string; readonly model: string },
): TextResult {
  const { verdict, witness, stats } = check(modelNamed(model), readFormat(text, format), options);
  return { schema: RESULT_SCHEMA, verdict, ...(witness && { witness }), stats };
}
