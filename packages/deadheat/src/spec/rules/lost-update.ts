import { actsOf, isMutator, numericSlots, type SpecRule } from "./rule.ts";

/** A writable number whose sum may be readable: two writers may read the same old value. */
export const lostUpdate: SpecRule = {
  weakness: "lost-update",
  candidates(operation, all, objects) {
    if (!isMutator(operation)) return [];
    return actsOf(operation, all, objects).map((act) => {
      const names = numericSlots(operation).map((slot) => slot.pointer.split("/").at(-1));
      const shown = act.observers.flatMap((read) =>
        (read.leaves ?? []).filter((leaf) => names.includes(leaf.pointer.split("/").at(-1))),
      );
      const accumulates = shown.length > 0 && operation.method !== "PUT";
      return {
        weakness: "lost-update",
        act,
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
            : ["changes state that a read may show"],
      };
    });
  },
};
