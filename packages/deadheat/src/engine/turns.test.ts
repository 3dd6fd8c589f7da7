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
});
