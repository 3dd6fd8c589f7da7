import type { Act, MadeObject } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, refused, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { readsOfMade } from "./made.ts";
import type { OneAtATime, Pair } from "./pair.ts";
import { ownTexts, readsOf } from "./scene.ts";
import { differences, readState, type State } from "./state.ts";

const AMOUNT = 3;
const OTHER_AMOUNT = 4;

/** What an operation with an Idempotency-Key is raced with; `act` has its calls carry one key (`repeats`). */
export interface Keyed {
  readonly act: Act;
  readonly made?: MadeObject;
}

/** One key and one body, the second while the first is in flight. */
export function inFlight(context: RaceContext, keyed: Keyed): Pair {
  return pairOf(context, keyed, [AMOUNT, AMOUNT], {
    does: ["call it with one Idempotency-Key", "call it with one Idempotency-Key"],
    before: async () => {},
  });
}

/** One key and two bodies (the draft §2.7: 422): one of the two may take effect. None where the body holds no number. */
export function withOtherBody(context: RaceContext, keyed: Keyed): Pair | undefined {
  if (Object.keys(amountsOf(keyed.act, 1)).length === 0) return undefined;
  return pairOf(context, keyed, [AMOUNT, OTHER_AMOUNT], {
    does: [`send ${AMOUNT} with one Idempotency-Key`, `send ${OTHER_AMOUNT} with the same`],
    before: async () => {},
  });
}

/** One key and one body, after a request with that key has failed: its key is free again, for one. */
export function againAfterFailure(context: RaceContext, keyed: Keyed): Pair | undefined {
  if (!keyed.act.operation.body?.required) return undefined;
  const does = "try again with the key of a request that failed";
  return pairOf(context, keyed, [AMOUNT, AMOUNT], {
    does: [does, does],
    async before(fixture) {
      const request = call(context, keyed.act, fixture, amountsOf(keyed.act, AMOUNT));
      const broken = await context.session.send({ ...request, body: "{}" });
      if (!refused(broken))
        throw new SetupFailed(`an empty body was answered ${broken.status ?? broken.failure}`);
    },
  });
}

function pairOf(
  context: RaceContext,
  { act, made }: Keyed,
  amounts: readonly [number, number],
  { does, before }: { readonly does: readonly [string, string]; before(fixture: Fixture): Promise<void> },
): Pair {
  const alike = amounts[0] === amounts[1];
  const { operation } = act;
  return {
    sides: [
      { operation, does: does[0] },
      { operation, does: does[1] },
    ],
    alike,
    binding: [false, false],
    byTwoUsers: false,
    oneToken: true,
    async scene() {
      const fixture = await setUp(context, act);
      await before(fixture);
      return {
        principal: fixture.principal,
        request: (kind, token) => call(context, act, fixture, amountsOf(act, amounts[kind]), token),
        reads: readsOf(act.observers, fixture),
        own: ownTexts(fixture),
        ...(made ? { made: (exchanges) => readsOfMade(made, fixture, exchanges) } : {}),
      };
    },
    unsuitable: alike ? notOnce : notOneOf,
    summary: ({ requests }) =>
      `${requests} requests with one Idempotency-Key took effect more than once; one at a time only the first does.`,
  };
}

function notOnce({ states, acknowledged }: OneAtATime): string | undefined {
  const [none, one, two] = ["", "a", "a a"].map((sequence) => states.get(sequence)) as State[];
  if (!none || !one || !two || !acknowledged[0].includes("")) return "is refused when it is called alone";
  if (differences(none, one).length === 0) return "no read shows what it does";
  if (differences(one, two).length > 0)
    return "the key is ignored: the same request twice, one at a time, takes effect twice";
  return undefined;
}

function notOneOf({ states, acknowledged }: OneAtATime): string | undefined {
  const [none, a, b, ab, ba] = ["", "a", "b", "a b", "b a"].map((sequence) =>
    states.get(sequence),
  ) as State[];
  if (!none || !a || !b || !ab || !ba) return "the orders could not be made";
  if (!acknowledged[0].includes("") || !acknowledged[1].includes(""))
    return "is refused when it is called alone";
  if (differences(none, a).length === 0 || differences(none, b).length === 0)
    return "no read shows what it does";
  if (differences(a, ab).length > 0 || differences(b, ba).length > 0)
    return "a key that was used takes effect again with another body, one at a time as well";
  return undefined;
}

/** Whether the same body under another key takes effect once more: else it is not the key that makes them one. */
export async function keyCounts(context: RaceContext, { act, made }: Keyed): Promise<boolean> {
  const fixture = await setUp(context, act);
  const scene = {
    reads: readsOf(act.observers, fixture),
    own: new Map<string, string>(),
    made: made && ((seen: readonly Exchange[]) => readsOfMade(made, fixture, seen)),
  };
  const states: State[] = [];
  const exchanges: Exchange[] = [];
  for (const fresh of [context.uuid(), context.uuid()]) {
    const exchange = await context.session.send(
      call(context, act, { ...fixture, fresh }, amountsOf(act, AMOUNT)),
    );
    if (!succeeded(exchange)) return false;
    exchanges.push(exchange);
    states.push(await readState(context, scene, exchanges));
  }
  return differences(states[0] as State, states[1] as State).length > 0;
}
