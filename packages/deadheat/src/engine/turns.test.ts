import { describe, expect, it } from "vitest";
import { Turns } from "./turns.ts";

describe("Turns", () => {
  it("lets one work at a time, another while it rests, and nobody into a turn that goes on", async () => {
    const turns = new Turns();
    const told: string[] = [];
    let wake = () => {};
    const resting = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const one = turns.take(async () => {
      told.push("one begins");
      await turns.leave(() => resting);
      told.push("one ends");
    });
    const two = turns.take(async () => {
      told.push("two begins");
      wake();
      await Promise.resolve();
      told.push("two ends");
    });
    const three = turns.take(async () => void told.push("three"));
    await Promise.all([one, two, three]);
    expect(told.slice(0, 3)).toEqual(["one begins", "two begins", "two ends"]);
    expect(told).toHaveLength(5);
  });

  it("goes on after work that fails", async () => {
    const turns = new Turns();
    const failed = turns.take(async () => {
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await turns.take(async () => 1)).toBe(1);
  });

  it("lets scenes be set at once, and no turn begin before all of them are", async () => {
    const turns = new Turns();
    const told: string[] = [];
    let most = 0;
    let setting = 0;
    const race = (name: string, scenes: number) =>
      turns.take(async () => {
        for (let scene = 0; scene < scenes; scene++) {
          await turns.aside(async () => {
            most = Math.max(most, ++setting);
            for (let step = 0; step < 5; step++) await Promise.resolve();
            setting--;
          });
          expect(setting).toBe(0);
          told.push(name);
          await new Promise((resolve) => setImmediate(resolve));
          expect(setting).toBe(0);
          expect(told.at(-1)).toBe(name);
        }
      });
    await Promise.all([race("one", 3), race("two", 3), race("three", 3), race("four", 1)]);
    expect(most).toBe(4);
    expect(told).toHaveLength(10);
    // Nobody waits for ever: each has had its turn before any has its next one.
    expect(new Set(told.slice(0, 4)).size).toBe(4);
    expect(new Set(told.slice(4, 7)).size).toBe(3);
  });

  it("goes on after a scene that fails", async () => {
    const turns = new Turns();
    const failed = turns.take(() => turns.aside(() => Promise.reject(new Error("no"))));
    await expect(failed).rejects.toThrow("no");
    expect(await turns.take(() => turns.aside(async () => 1))).toBe(1);
  });
});
