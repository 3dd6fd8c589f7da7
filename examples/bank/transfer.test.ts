// biome-ignore-all lint/suspicious/noTemplateCurlyInString: deadheat fills them, for each trial anew
import { race } from "deadheat";
import { expect, it } from "vitest";

it("transfers both ways are as if made one after the other", { timeout: 60_000 }, async () => {
  const balance = (account: "a" | "b") => ({ input: { type: "balance", account }, output: "balance" });
  const result = await race({
    target: process.env.BANK_URL ?? "http://127.0.0.1:3000",
    principals: { teller: { register: { request: "POST /users", token: "$.token" } } },
    setUp: [
      { as: "teller", request: "POST /accounts", json: { balance: 100 }, extract: { a: "$.id" } },
      { as: "teller", request: "POST /accounts", json: { balance: 50 }, extract: { b: "$.id" } },
    ],
    concurrent: [
      {
        as: "teller",
        request: "POST /transfers",
        json: { from: "${a}", to: "${b}", amount: 30 },
        operation: { input: { type: "transfer", from: "a", amount: 30 } },
      },
      {
        as: "teller",
        request: "POST /transfers",
        json: { from: "${b}", to: "${a}", amount: 20 },
        operation: { input: { type: "transfer", from: "b", amount: 20 } },
      },
    ],
    observe: [
      { as: "teller", request: "GET /accounts/${a}", operation: balance("a") },
      { as: "teller", request: "GET /accounts/${b}", operation: balance("b") },
    ],
    // The oracle's sequential specification of two accounts: 100 and 50 in the beginning.
    model: "transfer:100:50",
    cleanUp: [
      { as: "teller", request: "DELETE /accounts/${a}" },
      { as: "teller", request: "DELETE /accounts/${b}" },
      { as: "teller", request: "DELETE /users/me", removes: "teller" },
    ],
    trials: 20,
  });
  expect(result.verdict, String(result)).toBe("not-observed");
});
