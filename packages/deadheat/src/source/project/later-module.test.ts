import { expect, it } from "vitest";
import { LaterModule } from "./later-module.ts";

it("a module that did not change tells of its functions without being read", () => {
  const place = { start: 0, end: 9, headEnd: 5, isEntry: false };
  const known = () => [
    { qualified: "Order.close", isMethod: true, ...place },
    { qualified: "close", isMethod: false, ...place },
  ];
  const read = () => expect.fail("nobody asked for its text");
  const { all } = new LaterModule("shop/orders.py", read, known);
  expect(all.map((one) => [one.name, one.qualified, one.isMethod, one.isEntry])).toEqual([
    ["close", "Order.close", true, false],
    ["close", "close", false, false],
  ]);
});
