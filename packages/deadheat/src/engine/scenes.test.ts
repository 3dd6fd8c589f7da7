import { describe, expect, it } from "vitest";
import { SetupFailed } from "../race/index.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { Scenes } from "./scenes.ts";

import { Turns } from "./turns.ts";

const timeless = { clock: new VirtualClock(), renewals: { shortestMs: Number.POSITIVE_INFINITY } };

/** An API that refuses to make two at once. */
function oneAtATime() {
  let making = 0;
  let made = 0;
  return {
    get made() {
      return made;
    },
    make: async () => {
      const alone = ++making === 1;
      await new Promise((resolve) => setImmediate(resolve));
      making--;
      if (!alone) throw new SetupFailed("database is locked");
      return ++made;
    },
  };
}

describe("Scenes", () => {
  it("makes alone what failed beside others, and soon everything", async () => {
    const turns = new Turns();
    const scenes = new Scenes(turns, timeless);
    const api = oneAtATime();
    const races = Array.from({ length: 4 }, () => {
      const aside = scenes.asideOf();
      return turns.take(async () => {
        for (let trial = 0; trial < 10; trial++) await aside(api.make);
      });
    });
    await Promise.all(races);
    expect(api.made).toBe(40);
  });

  it("tells of what fails alone", async () => {
    const turns = new Turns();
    const aside = new Scenes(turns, timeless).asideOf();
    const scene = () => aside(() => Promise.reject(new SetupFailed("no")));
    await expect(turns.take(scene)).rejects.toThrow(SetupFailed);
  });

  it.each([
    ["again where its token lives for a few seconds", 4000, 0],
    ["once where it lives longer than that", 900_000, 1500],
  ])("sets what has waited for its turn %s", async (_, shortestMs, ageMs) => {
    const turns = new Turns();
    const clock = new VirtualClock();
    const scenes = new Scenes(turns, { clock, renewals: { shortestMs } });
    // A token is issued at the end of each; of two that are set at once, one waits for the turn of the other.
    const issued = () => clock.sleep(10).then(() => clock.now());
    const races = [scenes.asideOf(), scenes.asideOf()].map((aside) =>
      turns.take(async () => {
        const at = await aside(issued);
        const age = clock.now() - at;
        await clock.sleep(1500);
        return age;
      }),
    );
    expect(Math.max(...(await clock.run(Promise.all(races))))).toBe(ageMs);
  });

  it("sets a scene inside a scene with it", async () => {
    const turns = new Turns();
    const aside = new Scenes(turns, timeless).asideOf();
    expect(await turns.take(() => aside(() => aside(async () => 1)))).toBe(1);
  });
});
