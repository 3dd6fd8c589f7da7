import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../random.ts";
import { MOST_ORDERS, ordersOf } from "./orders.ts";

describe("orders of a serial control", () => {
  it("are all where they are few: alike requests have no order among themselves", () => {
    const random = seededRandom(1);
    expect(ordersOf([0, 0, 0], random)).toEqual({ orders: [[0, 1, 2]], all: true });
    expect(ordersOf([0, 1], random)).toMatchObject({
      orders: [
        [0, 1],
        [1, 0],
      ],
      all: true,
    });
    expect(ordersOf([0, 0, 1], random).orders).toEqual([
      [0, 1, 2],
      [0, 2, 1],
      [2, 0, 1],
    ]);
    expect(ordersOf([0, 1, 2], random)).toMatchObject({ all: true, orders: { length: 6 } });
  });

  it("are different permutations, the listed one and its reverse among them, and not too many", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 2, maxLength: 20 }), fc.nat(), (kinds, seed) => {
        const { orders, all } = ordersOf(kinds, seededRandom(seed));
        const shown = orders.map((order) => order.map((place) => kinds[place]).join());
        expect(new Set(shown).size).toBe(orders.length);
        expect(orders.length).toBeLessThanOrEqual(MOST_ORDERS);
        for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...kinds.keys()]);
        expect(shown).toContain(kinds.join());
        expect(shown).toContain([...kinds].reverse().join());
        if (!all) expect(orders.length).toBeGreaterThan(2);
      }),
    );
  });
});
