import type { Guard } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { inTransaction, thoughtBefore } from "./in-transaction.ts";
import type { Way } from "./way.ts";

/** One after the other, for each name, in this process: right for as long as there is only one such process. */
export function queue(guard: Guard, half: Half): Way {
  const last = new Map<string, Promise<unknown>>();
  return async (authorization, names, work) => {
    const subject = await guard.run(authorization, async ({ principal }) => principal.subject);
    await half.think();
    const run = () =>
      guard.run(authorization, (guarded) => work(inTransaction(half, guarded, { think: thoughtBefore })));
    return enqueue(last, names(subject), run);
  };
}

/** In the queues of all names at once, so that no two wait for each other. */
function enqueue<T>(
  last: Map<string, Promise<unknown>>,
  names: readonly string[],
  run: () => Promise<T>,
): Promise<T> {
  const before = Promise.allSettled(names.map((name) => last.get(name)));
  const mine = before.then(run);
  for (const name of names) last.set(name, mine);
  const leave = () => {
    for (const name of names) if (last.get(name) === mine) last.delete(name);
  };
  mine.then(leave, leave);
  return mine;
}
