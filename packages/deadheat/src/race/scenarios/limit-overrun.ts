import { type History, type LimitInput, limit, type Model } from "@deadheat/oracle";
import type { Candidate } from "../../plan/plan.ts";
import type { RaceContext } from "../context.ts";
import { succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import { boundPair } from "../pairs/bound.ts";
import { takingTurns } from "../pairs/in-turn.ts";
import { preparePair } from "../pairs/index.ts";
import { twoOperations } from "../pairs/two-operations.ts";
import { difference, type Round } from "../round.ts";
import { type BurstScenario, prepareBurst } from "./burst.ts";
import type { LearnedScenario, Prepared } from "./scenario.ts";

type LimitHistory = History<LimitInput, number | undefined>;

/** N uses of one object together; no more than its limit may have taken effect in the end. */
export const limitOverrun: LearnedScenario = {
  weakness: "limit-overrun",
  learns: "behaviour",
  async prepare(context, candidate, behaviour) {
    const { act } = candidate;
    const allowed = behaviour.fit.limit;
    const pairs = await sharedBounds(context, candidate);
    if (allowed === undefined)
      return (
        takingTurns(pairs) ?? { status: "not-applicable", reason: `it has no limit: ${behaviour.fit.words}` }
      );
    const uses = usesOf(context, allowed, behaviour.fit.forgiving === true);
    const alike = await prepareBurst(context, act, behaviour, uses);
    if ("status" in alike) return takingTurns(pairs) ?? alike;
    return takingTurns(pairs, alike) ?? alike;
  },
  unlearned: async (context, candidate, why) => takingTurns(await sharedBounds(context, candidate)) ?? why,
};

/** Other operations on the same object that take from the same bound. */
async function sharedBounds(context: RaceContext, { act, rivals = [] }: Candidate): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const rival of rivals) {
    const pair = await boundPair(context, twoOperations(context, act, rival, "uses"));
    const ready = pair && (await preparePair(context, act.scheme, pair));
    if (ready && !("status" in ready)) prepared.push({ ...ready, limited: true });
  }
  return prepared;
}

/** Equal calls of which no more than `allowed` may take effect, counted in the state. */
export function usesOf(
  context: Pick<RaceContext, "clock">,
  allowed: number,
  acknowledgesRepeats: boolean,
): BurstScenario<LimitInput> {
  const left = ({ earlier }: Round) => limit(allowed - earlier);
  const uses = (change: number, effect: number) => Math.round((change / effect) * 1e6) / 1e6;
  return {
    model: acknowledgesRepeats ? forgiving(allowed) : limit(allowed),
    modelName: `limit:${allowed}`,
    limited: true,
    modelAfter: (earlier) => `limit:${allowed - earlier}`,
    earlier: allowed - 1,
    input: () => ({ type: "take" }),
    read: { type: "read" },
    // A change that is no whole number of uses was made by something else.
    output: (change, effect) => (Number.isInteger(uses(change, effect)) ? uses(change, effect) : undefined),
    foreign: (change, effect, { exchanges }) =>
      uses(change, effect) > exchanges.length ? "the state shows more uses than were tried" : undefined,
    does: () => "use it",
    judge(history, round) {
      // Acknowledgements prove nothing here: a loser may be told 200 without any effect. Only the state counts.
      const byState = judge(
        context.clock,
        left(round),
        history.map((one) => (isTake(one) ? doubtful(one) : one)),
      );
      if (byState.verdict !== "race" || !answersMatchState(history, round)) return byState;
      // Every acknowledgement is borne out by the state: the answers make the smaller witness. Refusals are
      // left in doubt: one that was made for another reason must not become the proof.
      const acknowledged = history.map((one) => (one.outcome === "rejected" ? doubtful(one) : one));
      const byAnswers = judge(context.clock, left(round), acknowledged);
      return byAnswers.verdict === "race" ? byAnswers : byState;
    },
    summary(round, effect) {
      const took = uses(difference(round) ?? 0, effect);
      const before = round.earlier > 0 ? `after ${round.earlier} one at a time, ` : "";
      return `${before}${took} took effect; the API alone allows ${allowed}.`;
    },
  };
}

/** `limit` of an API that acknowledges a repeated use as done before. */
function forgiving(allowed: number): Model<number, LimitInput, number | undefined> {
  const { foresee: _, ...strict } = limit(allowed);
  return {
    ...strict,
    step: (taken, input, response) =>
      input.type === "take" && response?.outcome === "ok" && taken >= allowed
        ? taken
        : strict.step(taken, input, response),
  };
}

function isTake(operation: LimitHistory[number]): boolean {
  return operation.input.type === "take";
}

function doubtful(operation: LimitHistory[number]): LimitHistory[number] {
  return { ...operation, outcome: "unknown" };
}

function answersMatchState(history: LimitHistory, round: Round): boolean {
  const read = history.find((one) => one.input.type === "read");
  return round.exchanges.filter(succeeded).length === read?.output;
}
