import { expect, it } from "vitest";
import { scanned } from "./support/viewed.ts";
import { perMinuteTarget } from "./targets/per-minute.ts";

it("a limit that starts again by the clock is not proven to be overrun, whenever it does so", async () => {
  const target = await perMinuteTarget();
  try {
    const only = { operation: "POST /points", weaknesses: ["limit-overrun"], trials: 4 };
    const events = await scanned(target, undefined, only);
    const [outcome] = events.flatMap((event) => (event.type === "race-ended" ? [event.outcome] : []));
    expect(outcome?.status, outcome?.reason).toBe("inconclusive");
    expect(outcome?.reason).toMatch(/starts again by the clock/);
  } finally {
    await target.stop();
  }
}, 120_000);
