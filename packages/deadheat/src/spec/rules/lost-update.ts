import type { Operation } from "../../plan/operation.ts";
import { isTold, writesBeside } from "./beside.ts";
import { actsOf, isMutator, numericSlots, type SpecRule } from "./rule.ts";

/** A writable number whose sum may be readable: two writers may read the same old value. */
export const lostUpdate: SpecRule = {
  weakness: "lost-update",
  candidates(declared, all, objects) {
    const operation = withPrecondition(declared);
    if (!isMutator(operation)) return [];
    const beside = writesBeside(operation, all).filter((one) => isTold(operation, one));
    return actsOf(operation, all, objects).map((act) => {
      const names = numericSlots(operation).map((slot) => slot.pointer.split("/").at(-1));
      const shown = act.observers.flatMap((read) =>
        (read.leaves ?? []).filter((leaf) => names.includes(leaf.pointer.split("/").at(-1))),
      );
      const accumulates = shown.length > 0 && operation.method !== "PUT";
      return {
        weakness: "lost-update",
        act,
        ...(rivalsOf(beside, act).length > 0 ? { rivals: rivalsOf(beside, act) } : {}),
        severity: "high" as const,
        confidence: accumulates
          ? ("high" as const)
          : names.length > 0
            ? ("medium" as const)
            : ("low" as const),
        reasons: accumulates
          ? [
              `number ${shown[0]?.pointer} is written here and read by ${act.observers[0]?.method} ${act.observers[0]?.path}`,
            ]
          : names.length > 0
            ? [`a number in the body: ${names.join(", ")}`]
            : [
                operation.conditional
                  ? "takes If-Match: of two writes of one version one is refused"
                  : "changes state that a read may show",
              ],
      };
    });
  },
};

const rivalsOf = (beside: readonly Operation[], { scheme }: { readonly scheme: string }) =>
  beside.filter((one) => one.bearer.includes(scheme));

/** A required `If-Match` has a value: what the read before it gave. */
function withPrecondition(operation: Operation): Operation {
  if (!operation.conditional || !/^if-match$/i.test(operation.unfillable ?? "")) return operation;
  const { unfillable: _, ...rest } = operation;
  return rest;
}
