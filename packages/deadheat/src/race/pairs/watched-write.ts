import { operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { setUp } from "../fixture.ts";
import type { Pair } from "./pair.ts";
import { canBeHalved, partsOf } from "./parts.ts";
import { ownTexts, readsOf } from "./scene.ts";

const AMOUNT = 3;

/** A write and the reads that show it; only the write is made in orders. */
export function watchedWrite(context: RaceContext, act: Act): Pair {
  const { operation, observers } = act;
  return {
    sides: [
      { operation, does: "call it" },
      { operation: observers[0] ?? operation, does: "read what it changes" },
    ],
    alike: false,
    binding: [true, false],
    byTwoUsers: false,
    async scene(_casting, principal) {
      const fixture = await setUp(context, act, principal);
      const amounts = amountsOf(act, AMOUNT);
      return {
        principal: fixture.principal,
        request: (_kind, token) => call(context, act, fixture, amounts, token),
        reads: readsOf(observers, fixture),
        own: ownTexts(fixture),
      };
    },
    unsuitable({ states, acknowledged }) {
      const [none, acted] = ["", "a"].map((sequence) => states.get(sequence));
      if (!none || !acted || !acknowledged[0].includes("")) return "is refused when it is called alone";
      if (!canBeHalved(partsOf(none, acted), none, acted)) return "no read shows two things that it changes";
      return undefined;
    },
    summary: () =>
      `a read showed part of what ${operationName(operation)} does, and a read after it another part still as before.`,
  };
}
