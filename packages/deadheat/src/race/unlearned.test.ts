import { describe, expect, it } from "vitest";
import type { Operation } from "../plan/operation.ts";
import type { Exchange } from "./exchange.ts";
import type { Gauge } from "./observe.ts";
import { unseen } from "./unlearned.ts";

const read = (path: string) =>
  new Map<string, Gauge>([["it", { observer: { method: "GET", path } as Operation, pointer: "/balance" }]]);
const answered = (path: string, status: number, body: unknown): Exchange => ({
  request: { method: "POST", path, headers: {} },
  invoke: 0,
  return: 1,
  status,
  headers: {},
  body,
});
const judged = (path: string, status: number, body: unknown, observed = "/profile") =>
  unseen({ "/balance": 3 }, answered(path, status, body), read(observed)).status;

describe("a number that was acknowledged and shows nowhere", () => {
  it("is that of a new object where the answer shows both", () => {
    expect(judged("/wallets", 201, { id: "w1", balance: 3 })).toBe("not-applicable");
    expect(judged("/wallets", 201, { walletId: 7, balance: "3" })).toBe("not-applicable");
  });

  it.each([
    ["the answer has no name for it", "/wallets", 201, { balance: 3 }],
    ["the answer shows another number", "/wallets", 201, { id: "w1", balance: 4 }],
    ["nothing was made", "/wallets", 200, { id: "w1", balance: 3 }],
  ])("is waited for in vain where %s", (_name, path, status, body) => {
    expect(judged(path, status, body)).toBe("inconclusive");
  });

  it("is waited for in vain where the read is the operation's own", () => {
    expect(judged("/wallets", 201, { id: "w1", balance: 3 }, "/wallets")).toBe("inconclusive");
  });
});
