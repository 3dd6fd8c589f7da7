import type { OneAtATime, Pair } from "./pair.ts";
import { differences, type State } from "./state.ts";

/** Two writes that do not touch what the other one writes: in either order both show in the end. */
export function independent(what: string): Pick<Pair, "unsuitable" | "summary"> {
  return {
    unsuitable: notIndependent,
    summary: ({ like, places, acknowledged }) => {
      const kept =
        like === "a" || like === "b" ? "one of them shows no effect" : "the state is as after no order";
      const at = places.slice(0, 3).join(", ");
      return `${acknowledged} acknowledged writes of ${what}, and ${kept}${at === "" ? "" : ` (${at})`}; one at a time both show, in either order.`;
    },
  };
}

function notIndependent({ states, acknowledged }: OneAtATime): string | undefined {
  const [none, a, b, ab, ba] = ["", "a", "b", "a b", "b a"].map((sequence) =>
    states.get(sequence),
  ) as State[];
  if (!none || !a || !b || !ab || !ba) return "the orders could not be made";
  if (!["", "b"].every((sequence) => acknowledged[0].includes(sequence)))
    return "one of the writes is refused";
  if (!["", "a"].every((sequence) => acknowledged[1].includes(sequence)))
    return "one of the writes is refused";
  if (differences(none, a).length === 0 || differences(none, b).length === 0)
    return "no read shows what one of the writes does";
  if (differences(ab, a).length === 0 || differences(ba, b).length === 0 || differences(ab, ba).length > 0)
    return "the later of two writes replaces what the earlier one wrote, one at a time as well";
  return undefined;
}
