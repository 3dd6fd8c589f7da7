import { isQuantity } from "../facts/quantities.ts";
import type { HintRule } from "./hint.ts";

const ROLE =
  /^(from|to|source|src|target|destination|dest|sender|recipient|receiver|payer|payee|debit|credit|origin)/;

/** Moves a quantity from one object to another of the same kind. */
export const writeSkew: HintRule = {
  weakness: "write-skew",
  hints(one) {
    if (one.kind === "read" || one.kind === "delete" || one.lifecycle) return [];
    const quantity = one.takes.find((field) => field.depth <= 2 && isQuantity(field));
    if (!quantity) return [];
    const byRest = new Map<string, string[]>();
    for (const field of one.takes) {
      if (
        field.depth > 2 ||
        !ROLE.test(field.plain) ||
        !/(id|account|wallet|number|iban|address)$/.test(field.plain)
      )
        continue;
      const rest = field.plain.replace(ROLE, "");
      byRest.set(rest, [...(byRest.get(rest) ?? []), field.pointer]);
    }
    const pair = [...byRest.values()].find((places) => places.length >= 2);
    if (!pair) return [];
    return [
      {
        weakness: "write-skew",
        operations: [one],
        severity: "high",
        confidence: "high",
        reasons: [`moves ${quantity.pointer} from ${pair[0]} to ${pair[1]}`],
      },
    ];
  },
};
