import { endsInParameter } from "../facts/described.ts";
import { shape } from "../linking/request.ts";
import type { HintRule } from "./hint.ts";

/** Takes an object away under which others are made: is one there afterwards? Told once for each kind of object. */
export const useAfterDelete: HintRule = {
  weakness: "use-after-delete",
  hints(one, view) {
    if (one.operation.method !== "DELETE" || !endsInParameter(one) || one.lifecycle) return [];
    const own = shape(one.template);
    const child = view
      .below(one.template)
      .find(
        (it) => it.kind === "create" && shape(it.template).split("/").length === own.split("/").length + 1,
      );
    if (!child?.operation.statuses.some((status) => ["404", "409", "410", "422"].includes(status))) return [];
    return [
      {
        weakness: "use-after-delete",
        operations: [child, one],
        severity: "medium",
        confidence: "medium",
        reasons: [
          `${one.operation.method} ${one.template} takes the object away in which this one makes another`,
          "documents a refusal for objects that are gone",
        ],
      },
    ];
  },
};
