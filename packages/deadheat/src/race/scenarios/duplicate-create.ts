import type { Slot } from "../../plan/operation.ts";
import type { Act, Candidate } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import { amountFor, uniqueValue } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { type Fixture, isFreeText, setUp } from "../fixture.ts";
import type { Unlearned } from "../learn.ts";
import { differences, type OneAtATime, type Pair, preparePair } from "../pairs/index.ts";
import { readsOfMade } from "../pairs/made.ts";
import { otherUser, ownTexts, readsOf } from "../pairs/scene.ts";
import type { OwnScenario, Prepared } from "./scenario.ts";

const AMOUNT = 2;
const MOST_NUMBER = 1_000_000;

/** What of the body is made up anew for each run, tried in turn: what is unique may be asked for, or only allowed. */
type Filling = "required" | "all" | "numbers";
const FILLINGS: readonly Filling[] = ["required", "all", "numbers"];

/** The same create twice at once, where one at a time the second is refused or answers the first's object. */
export const duplicateCreate: OwnScenario = {
  weakness: "duplicate-create",
  learns: "itself",
  async prepare(context, candidate) {
    let unfit: Unlearned | undefined;
    for (const filling of FILLINGS) {
      if (!differs(candidate.act, filling)) continue;
      const prepared = await preparePair(context, candidate.act.scheme, pairOf(context, candidate, filling));
      if (!("status" in prepared)) return named(prepared);
      unfit = prepared;
    }
    return unfit ?? { status: "not-applicable", reason: "its body cannot be filled" };
  },
};

function named(prepared: Prepared): Prepared {
  return {
    ...prepared,
    controls: ["one at a time, the second of two equal requests makes nothing", ...prepared.controls],
  };
}

/** Whether a filling is another one than those before it. */
function differs({ operation }: Act, filling: Filling): boolean {
  const slots = operation.body?.slots ?? [];
  if (filling === "all") return slots.some((slot) => isFreeText(slot) && !slot.required);
  if (filling === "numbers") return slots.some(isNumber);
  return true;
}

const isNumber = (slot: Slot) => slot.type !== "string" && !slot.fixed;

function pairOf(context: RaceContext, { act, made }: Candidate, filling: Filling): Pair {
  const { operation } = act;
  const does = "create it";
  return {
    sides: [
      { operation, does },
      { operation, does },
    ],
    alike: true,
    binding: [false, false],
    byTwoUsers: true,
    async scene(casting) {
      const fixture = await filled(context, act, filling);
      const amounts = filling === "numbers" ? someNumbers(context, act) : amountsOf(act, AMOUNT);
      const other = await otherUser(context, act.scheme, casting);
      return {
        principal: fixture.principal,
        ...other,
        request: (_kind, token) => call(context, act, fixture, amounts, token),
        reads: readsOf(act.observers, fixture),
        own: ownTexts(fixture),
        ...(made ? { made: (exchanges) => readsOfMade(made, fixture, exchanges) } : {}),
      };
    },
    unsuitable: makesTwo,
    summary: ({ acknowledged }) =>
      `${acknowledged} acknowledged, and more than one of them is there; one at a time the second makes nothing.`,
  };
}

function makesTwo({ states, acknowledged }: OneAtATime): string | undefined {
  const [none, one, two] = ["", "a", "a a"].map((sequence) => states.get(sequence));
  if (!none || !one || !two || !acknowledged[0].includes("")) return "is refused when it is called alone";
  if (differences(none, one).length === 0) return "no read shows what it makes";
  if (acknowledged[0].includes("a") && differences(one, two).length > 0)
    return "the same twice, one at a time, makes two: nothing in it is unique";
  return undefined;
}

async function filled(context: RaceContext, act: Act, filling: Filling): Promise<Fixture> {
  const fixture = await setUp(context, act);
  const unique = context.unique();
  const texts: Record<string, string | number> = {};
  for (const slot of act.operation.body?.slots ?? []) {
    if (!isFreeText(slot) || (filling !== "all" && !slot.required)) continue;
    if (slot.pointer in fixture.texts || act.references.some((one) => one.slot.pointer === slot.pointer))
      continue;
    const value = uniqueValue(slot, unique, () => context.uuid());
    if (value !== undefined) texts[slot.pointer] = value;
  }
  return { ...fixture, texts: { ...texts, ...fixture.texts } };
}

/** Numbers that no earlier run sent, as far as there is room: a seat, a room number. */
function someNumbers(context: RaceContext, act: Act): Record<string, number> {
  const numbers = amountsOf(act, AMOUNT);
  for (const slot of act.operation.body?.slots ?? []) {
    if (!(slot.pointer in numbers) || !isNumber(slot)) continue;
    const low = slot.minimum ?? 1;
    numbers[slot.pointer] = amountFor(slot, context.random.integer(low, slot.maximum ?? low + MOST_NUMBER));
  }
  return numbers;
}
