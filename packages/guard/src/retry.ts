import { GuardError } from "./errors.ts";
import { retryable } from "./postgres.ts";

/** Where chance and time come from: one place, so that a test can hold both still. */
export interface Chance {
  /** In [0, 1), as Math.random. */
  random(): number;
  /** Milliseconds since any moment; never goes back, as performance.now. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Calls back once so many milliseconds have passed, unless what it returns is called before. */
  after(ms: number, call: () => void): () => void;
}

/** The real thing. */
export const CHANCE: Chance = {
  random: Math.random,
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const BASE_MS = 5;
const CAP_MS = 250;

/**
 * Runs a whole transaction again after a serialization failure or a deadlock, `attempts` times at
 * most. The pause is drawn from the full interval below a doubling bound: transactions that have
 * collided once would, after equal pauses, collide again.
 */
export async function retrying<T>(
  attempts: number,
  chance: Chance,
  transaction: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (!retryable(error)) throw error;
      if (attempt >= attempts) throw new GuardError("contention", { cause: error });
      await chance.sleep(chance.random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt));
    }
  }
}
