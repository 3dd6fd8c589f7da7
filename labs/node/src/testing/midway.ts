import { setTimeout as sleep } from "node:timers/promises";
import type { Gate } from "./gate.ts";

/** A call, in the middle of whose thinking something ends the right that it was let in by. */
export interface Midway {
  readonly gate: Gate;
  act(): Promise<{ status: number }>;
  end(): Promise<unknown>;
  /** How much of the effect is there. */
  look(): Promise<unknown>;
}

export interface Seen {
  readonly answer: number;
  /** When the end had been acknowledged. */
  readonly acknowledged: unknown;
  readonly after: unknown;
}

/** The end is acknowledged before the call may go on; where it waits for the call, this takes for ever. */
export async function endedFirst({ gate, act, end, look }: Midway): Promise<Seen> {
  const thinking = gate.hold(1);
  const acting = act();
  await thinking;
  await end();
  const acknowledged = await look();
  gate.open();
  const { status } = await acting;
  return { answer: status, acknowledged, after: await look() };
}

/** Where the end may wait for the call, it gets so long to come first. */
const HEAD_START_MS = 300;

export async function endedAtLast({ gate, act, end, look }: Midway): Promise<Seen> {
  const thinking = gate.hold(1);
  const acting = act();
  await thinking;
  const ending = end();
  await Promise.race([ending, sleep(HEAD_START_MS)]);
  gate.open();
  await ending;
  const acknowledged = await look();
  const { status } = await acting;
  return { answer: status, acknowledged, after: await look() };
}

/** Calls all of which, or `held` of them, are in the middle of their thinking before the first one may go on. */
export async function burst<T>(
  gate: Gate,
  count: number,
  call: (index: number) => Promise<T>,
  held = count,
): Promise<T[]> {
  const thinking = gate.hold(held);
  const calls = Array.from({ length: count }, (_, index) => call(index));
  await thinking;
  gate.open();
  return Promise.all(calls);
}
