import type { Candidate } from "../../plan/plan.ts";
import type { RaceContext } from "../context.ts";
import { bothWaysPair } from "../pairs/both-ways.ts";
import { boundPair } from "../pairs/bound.ts";
import { takingTurns } from "../pairs/in-turn.ts";
import { type Pair, preparePair } from "../pairs/index.ts";
import { twoObjects } from "../pairs/two-objects.ts";
import { twoOperations } from "../pairs/two-operations.ts";
import type { OwnScenario, Prepared } from "./scenario.ts";

/** Two writes of different places, of which each keeps what has to hold over both: together they may not break it. */
export const writeSkew: OwnScenario = {
  weakness: "write-skew",
  learns: "itself",
  async prepare(context, candidate) {
    const prepared: Prepared[] = [];
    let reason =
      "nothing holds over two objects: none of its calls is refused for what was done to another one";
    for (const make of pairsOf(context, candidate)) {
      const pair = await make();
      const ready = pair && (await preparePair(context, candidate.act.scheme, pair));
      if (!ready) continue;
      if ("status" in ready) reason = ready.reason;
      else prepared.push(ready);
    }
    return takingTurns(prepared) ?? { status: "not-applicable", reason };
  },
};

function pairsOf(
  context: RaceContext,
  { act, rivals = [] }: Candidate,
): (() => Promise<Pair | undefined> | Pair | undefined)[] {
  const bothWays = bothWaysPair(context, act);
  if (bothWays) return [() => bothWays];
  const objects = twoObjects(context, act);
  return [
    ...(objects ? [() => boundPair(context, objects)] : []),
    ...rivals.map((rival) => () => boundPair(context, twoOperations(context, act, rival, "rule"))),
  ];
}
