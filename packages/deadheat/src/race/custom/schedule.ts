import { isDeepStrictEqual } from "node:util";
import { DeadheatError } from "../../errors.ts";
import type { CustomScenario, CustomSchedule } from "../../plan/custom.ts";
import type { RaceContext } from "../context.ts";
import { turnOf } from "../transport/index.ts";
import { shuffled } from "./orders.ts";
import { requestsOf } from "./trial.ts";

/** The scenario may have been changed since the proof was written. */
export function assertFits({ order, offsetsMs }: CustomSchedule, kinds: readonly number[]): void {
  const places = [...order].sort((a, b) => a - b);
  if (isDeepStrictEqual(places, [...kinds.keys()]) && offsetsMs.length === kinds.length) return;
  throw new DeadheatError(
    "witness-invalid",
    `the proof is about ${order.length} requests, and the scenario has ${kinds.length}`,
    "Race the scenario anew: it was changed since the proof was written.",
  );
}

/** The listed order first over each transport; then orders and offsets by the seed. */
export function scheduleOf(
  race: Pick<RaceContext, "transports" | "randomOf">,
  scenario: CustomScenario,
  index: number,
): CustomSchedule {
  const { transports } = race;
  const random = race.randomOf(index);
  const steps = requestsOf(scenario);
  const listed = [...steps.keys()];
  return {
    transport: turnOf(transports, index)?.transport.name ?? "",
    requests: steps.length,
    amount: 0,
    tokens: 1,
    offsetMs: 0,
    order: index < transports.length ? listed : shuffled(listed, random),
    offsetsMs: steps.map(
      ({ offsetMs: [from, to] }) => Math.round((from + random.next() * (to - from)) * 100) / 100,
    ),
  };
}
