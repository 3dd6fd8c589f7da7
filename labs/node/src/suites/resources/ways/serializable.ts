import type { Guard } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { inTransaction, thoughtBefore } from "./in-transaction.ts";
import type { Way } from "./way.ts";

/** Of a burst of twenty the last one has seen nineteen others come first. */
const ATTEMPTS = 40;

/** The database finds out that no order explains two transactions, and one of them is run again. */
export function serializable(guard: Guard, half: Half): Way {
  return (authorization, _names, work) => {
    let thought = false;
    const think = async () => {
      if (!thought) await half.think();
      thought = true;
    };
    return guard.run(
      authorization,
      (guarded) => work(inTransaction(half, guarded, { think, pause: thoughtBefore })),
      { isolation: "serializable", attempts: ATTEMPTS },
    );
  };
}
