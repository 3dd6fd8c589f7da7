import { describe, expect, it } from "vitest";
import type { Slot } from "../plan/operation.ts";
import { amountFor } from "./compose.ts";

const slot = (bounds: Partial<Slot>): Slot => ({
  pointer: "/n",
  type: "integer",
  required: true,
  secret: false,
  fixed: false,
  ...bounds,
});

describe("amountFor", () => {
  it.each<[Partial<Slot>, number, number]>([
    [{}, 7, 7],
    [{ maximum: 999 }, 1000, 999],
    [{ minimum: 10 }, 3, 13],
    [{ minimum: 10, maximum: 12 }, 3, 12],
    [{ minimum: -5, maximum: 5 }, 3, 3],
  ])("%o: %d becomes %d", (bounds, wanted, sent) => {
    expect(amountFor(slot(bounds), wanted)).toBe(sent);
  });
});
