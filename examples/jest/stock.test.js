// biome-ignore-all lint/suspicious/noTemplateCurlyInString: deadheat fills them, for each trial anew
import { race } from "deadheat";

test("the last one in stock is sold once", async () => {
  const result = await race({
    target: process.env.SHOP_URL ?? "http://127.0.0.1:3000",
    principals: { customer: { register: { request: "POST /users", token: "$.token" } } },
    setUp: [{ as: "customer", request: "POST /products", json: { stock: 3 }, extract: { product: "$.id" } }],
    concurrent: [
      { as: "customer", request: "POST /products/${product}/orders", json: { quantity: 2 }, count: 2 },
    ],
    observe: [
      { as: "customer", request: "GET /products/${product}", extract: { stock: "$.stock", sold: "$.sold" } },
    ],
    invariant: ({ before, after }) => after.stock >= 0 && after.stock + after.sold === before.stock,
    cleanUp: [
      { as: "customer", request: "DELETE /products/${product}" },
      { as: "customer", request: "DELETE /users/me", removes: "customer" },
    ],
    trials: 20,
  });
  // jest's expect takes no message, and this one has the witness in it.
  if (result.verdict !== "not-observed") throw new Error(String(result));
}, 60_000);
