import { describe, expect, it } from "vitest";
import type { Candidate } from "../../plan/plan.ts";
import type { Route } from "../../source/index.ts";
import type { LocatedGap } from "./correlate.ts";
import { RaceOrder } from "./order.ts";

const candidate = (weakness: string, path: string) =>
  ({ weakness, act: { scheme: "t", operation: { method: "POST", path } } }) as unknown as Candidate;
const view = { name: "Add", module: { path: "views.py" } };
const route = (path: string) =>
  ({ method: "POST", path, view, entry: { qualified: "Add.post" } }) as unknown as Route;

describe("RaceOrder", () => {
  const suspected = candidate("lost-update", "/pay/");
  const first = candidate("revocation-race", "/a/add/");
  const again = candidate("revocation-race", "/b/add/");
  const other = candidate("missing-transaction", "/other/");
  const gap = {
    finding: { weakness: "lost-update", severity: "medium", confidence: "low" },
    operations: [{ method: "POST", path: "/pay/" }],
  } as unknown as LocatedGap;
  const all = [other, again, first, suspected];
  const sorted = (order: RaceOrder) => [...all].sort((a, b) => order.of(a) - order.of(b));

  it("begins with what the source suspects, and runs each piece of code once before it runs one again", () => {
    const order = new RaceOrder(
      [suspected, first, again, other],
      [gap],
      [route("/a/add/"), route("/b/add/")],
    );
    expect(sorted(order)).toEqual([suspected, first, other, again]);
  });

  it("goes on with the other routes of code that was proven", () => {
    const order = new RaceOrder(
      [suspected, first, again, other],
      [gap],
      [route("/a/add/"), route("/b/add/")],
    );
    order.proven({ weakness: "revocation-race", operation: { method: "POST", path: "/a/add/" } });
    expect(order.of(again)).toBeLessThan(order.of(other));
    expect(order.of(again)).toBeGreaterThan(order.of(suspected));
  });

  it("leaves for the end what the source shows to be held, whatever else is proven", () => {
    const order = new RaceOrder(
      all,
      [],
      [route("/a/add/"), route("/b/add/")],
      new Set(["revocation-race POST /b/add/"]),
    );
    order.proven({ weakness: "revocation-race", operation: { method: "POST", path: "/a/add/" } });
    expect(sorted(order).at(-1)).toBe(again);
  });
});
