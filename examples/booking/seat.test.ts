// biome-ignore-all lint/suspicious/noTemplateCurlyInString: deadheat fills them, for each trial anew
import assert from "node:assert/strict";
import { test } from "node:test";
import { race } from "deadheat";

test("a seat has one holder", async () => {
  const result = await race({
    target: process.env.BOOKING_URL ?? "http://127.0.0.1:3000",
    principals: {
      alice: { register: { request: "POST /users", token: "$.token" } },
      bob: { register: { request: "POST /users", token: "$.token" } },
    },
    setUp: [{ as: "alice", request: "POST /shows", extract: { show: "$.id" } }],
    concurrent: [
      { as: "alice", request: "POST /shows/${show}/seats/7/booking" },
      { as: "bob", request: "POST /shows/${show}/seats/7/booking" },
    ],
    observe: [{ as: "alice", request: "GET /shows/${show}", extract: { holders: "$.bookings[*].holder" } }],
    invariant: "$count(after.holders) <= 1",
    cleanUp: [
      { as: "alice", request: "DELETE /shows/${show}" },
      { as: "alice", request: "DELETE /users/me", removes: "alice" },
      { as: "bob", request: "DELETE /users/me", removes: "bob" },
    ],
    trials: 20,
  });
  assert.equal(result.verdict, "not-observed", String(result));
});
