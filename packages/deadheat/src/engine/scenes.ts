import { type RaceContext, SetupFailed } from "../race/index.ts";
import type { Turns } from "./turns.ts";

/** Set-ups that failed beside others and did not alone, after which they are no longer made side by side. */
const MOST_COLLISIONS = 3;
/** So much of a token's life may pass between its scene and the turn that needs it. */
const LONGEST_WAIT = 1 / 4;

/**
 * Scenes of several races, set side by side. An API that cannot make two users or two objects at once (SQLite answers
 * "database is locked") has each of them made alone. Where tokens end soon, one that has waited for its turn is set again.
 */
export class Scenes {
  readonly #turns: Turns;
  readonly #context: Pick<RaceContext, "clock" | "renewals">;
  #collisions = 0;

  constructor(turns: Turns, context: Pick<RaceContext, "clock" | "renewals">) {
    this.#turns = turns;
    this.#context = context;
  }

  /** For one race that has its turn: a scene inside a scene is set with it. */
  asideOf(): <T>(scene: () => Promise<T>) => Promise<T> {
    let inside = false;
    return async (scene) => {
      if (inside || this.#collisions >= MOST_COLLISIONS) return scene();
      inside = true;
      try {
        return await this.#set(scene);
      } finally {
        inside = false;
      }
    };
  }

  async #set<T>(scene: () => Promise<T>): Promise<T> {
    const turns = this.#turns;
    const { clock, renewals } = this.#context;
    const first = await turns.aside(async () => {
      const before = turns.crowded;
      try {
        return { made: await scene(), at: clock.now() };
      } catch (error) {
        if (!(error instanceof SetupFailed) || !(before || turns.crowded)) throw error;
        return undefined;
      }
    });
    if (first) {
      const tooOld = clock.now() - first.at > renewals.shortestMs * LONGEST_WAIT;
      return tooOld ? scene() : first.made;
    }
    const made = await scene();
    this.#collisions++;
    return made;
  }
}
