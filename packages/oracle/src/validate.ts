import { OracleError } from "./errors.ts";
import type { History } from "./history.ts";

/** Refuses a history that has no meaning; names the first operation that has none. */
export function validate(history: History<unknown, unknown>, pulse?: () => void): void {
  const seen = new Set<string>();
  for (const operation of history) {
    pulse?.();
    const { id, invoke, outcome } = operation;
    const at = { operation: id };
    if (seen.has(id)) throw new OracleError("duplicate-id", `operation ${id} occurs twice`, at);
    seen.add(id);
    if (outcome !== "ok" && outcome !== "rejected" && outcome !== "unknown") {
      throw new OracleError("bad-outcome", `operation ${id} has the outcome ${String(outcome)}`, at);
    }
    const end = operation.return;
    if (typeof invoke !== "number" || Number.isNaN(invoke) || invoke === Number.POSITIVE_INFINITY) {
      throw new OracleError("bad-time", `operation ${id} is invoked at ${String(invoke)}`, at);
    }
    if (end === undefined) {
      // Half an answer is a recording mistake; dropping it could hide a race, believing it could invent one.
      if (outcome === "unknown") continue;
      throw new OracleError("answer-without-return", `operation ${id} is ${outcome} but never returned`, at);
    }
    if (typeof end !== "number" || Number.isNaN(end)) {
      throw new OracleError("bad-time", `operation ${id} returns at ${String(end)}`, at);
    }
    if (end < invoke) {
      throw new OracleError(
        "return-before-invoke",
        `operation ${id} returns at ${end}, before its invoke at ${invoke}`,
        at,
      );
    }
  }
}
