import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { sideBySide } from "./side-by-side.ts";

describe("side by side", () => {
  it("runs all, in order, no more at once than there are lanes", async () => {
    const begun: number[] = [];
    let now = 0;
    let most = 0;
    const work = Array.from({ length: 9 }, (_, index) => async () => {
      begun.push(index);
      most = Math.max(most, ++now);
      await sleep(index % 3);
      now--;
    });
    await sideBySide(work, 4);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(most).toBe(4);
  });

  it("after an error begins no more, and waits for what has begun", async () => {
    const ended: string[] = [];
    const run = sideBySide(
      [
        async () => {
          await sleep(20);
          ended.push("slow");
        },
        async () => {
          throw new Error("stopped");
        },
        async () => {
          ended.push("late");
        },
      ],
      2,
    );
    await expect(run).rejects.toThrow("stopped");
    expect(ended).toEqual(["slow"]);
  });
});
