import { describe, expect, it } from "vitest";
import { type Chance, retrying } from "./retry.ts";

const failing = (code: string, times: number) => {
  let calls = 0;
  return async () => {
    calls++;
    if (calls <= times) throw Object.assign(new Error("no"), { code });
    return calls;
  };
};
function still(): Chance & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    random: () => 0.5,
    now: () => 0,
    sleep: async (ms) => void slept.push(ms),
    after: () => () => {},
  };
}

describe("retrying", () => {
  it.each(["40001", "40P01"])("tries again after %s, with pauses below a growing bound", async (code) => {
    const chance = still();
    expect(await retrying(9, chance, failing(code, 8))).toBe(9);
    expect(chance.slept).toEqual([5, 10, 20, 40, 80, 125, 125, 125]);
  });

  it("gives up after the last attempt, and says why", async () => {
    const chance = still();
    await expect(retrying(3, chance, failing("40001", 9))).rejects.toMatchObject({
      code: "contention",
      status: 503,
      cause: { code: "40001" },
    });
    expect(chance.slept).toHaveLength(2);
  });

  it("lets every other error through at once", async () => {
    const chance = still();
    await expect(retrying(3, chance, failing("23505", 1))).rejects.toMatchObject({ code: "23505" });
    expect(chance.slept).toEqual([]);
  });
});
