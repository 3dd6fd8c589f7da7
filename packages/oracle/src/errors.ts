/** Every way in which input to the oracle can be wrong, with what to do about it. */
const HINTS = {
  "return-before-invoke":
    "An operation returns at or after its invoke; check which clock stamped which field.",
  "duplicate-id": "Give each operation of a history an id of its own.",
  "bad-time": "invoke and return are numbers on one monotonic clock, never NaN.",
  "bad-outcome": "outcome is ok, rejected or unknown.",
  "answer-without-return":
    "An operation that was answered (ok, rejected) has a return time; one that was not is unknown. Infinity is a legal return.",
  "model-threw": "step, key, pure and partition must not throw; return undefined where an answer is illegal.",
  "model-nondeterministic":
    "step, key, pure and partition must give the same result for the same arguments: no clock, no randomness, no counters.",
  "model-impure": "States are values: step returns a new state and leaves its arguments alone.",
  "model-pure-wrong": "pure may be true only where the answer changes no state, whatever the state.",
  "model-shortcut-wrong":
    "shortcut and foresee may exclude only what no legal order contains; the search found an order they deny.",
  "model-unknown-input": "The model does not know this input; compare it with the model's documented inputs.",
  "unknown-format": "Known formats: jepsen-etcd, kv-edn, deadheat.",
  "unknown-model": "See the list of model names in the message.",
  "malformed-history": "The line or field named in the message does not have the form the format documents.",
  "bad-option": "See the documented range of the option named in the message.",
  "pool-failed": "A worker thread stopped; the cause says why.",
} as const;

/** What went wrong, for programs. */
export type OracleErrorCode = keyof typeof HINTS;

/**
 * The one error class of the package. Expected outcomes (`race`, `unknown`) are values, never errors:
 * this is thrown for input that has no verdict at all.
 */
export class OracleError extends Error {
  override readonly name = "OracleError";
  readonly code: OracleErrorCode;
  /** What to do about it, for people. */
  readonly hint: string;
  /** Id of the operation at which it was noticed, where there is one. */
  readonly operation: string | undefined;

  constructor(
    code: OracleErrorCode,
    message: string,
    details: { operation?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = HINTS[code];
    this.operation = details.operation;
  }
}
