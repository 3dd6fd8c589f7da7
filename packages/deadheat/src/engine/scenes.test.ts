import { describe, expect, it } from "vitest";
import { SetupFailed } from "../race/index.ts";
import { Scenes } from "./scenes.ts";
import { Turns } from "./turns.ts";

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
    const scenes = new Scenes(turns);
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
    const aside = new Scenes(turns).asideOf();
    const scene = () => aside(() => Promise.reject(new SetupFailed("no")));
    await expect(turns.take(scene)).rejects.toThrow(SetupFailed);
  });

  it("sets a scene inside a scene with it", async () => {
    const turns = new Turns();
    const aside = new Scenes(turns).asideOf();
    expect(await turns.take(() => aside(() => aside(async () => 1)))).toBe(1);
  });
});
