// biome-ignore-all lint/suspicious/noTemplateCurlyInString: deadheat fills them, for each trial anew
import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase, race } from "deadheat";
import { startBooking } from "./server.ts";

test("a seat has one holder, whatever the order of the statements", async () => {
  const { DATABASE_URL = "postgres://127.0.0.1:5432/postgres", BOOKING } = process.env;
  const database = await openDatabase({ url: DATABASE_URL });
  const through = new URL(DATABASE_URL);
  through.port = String(database.port);
  const booking = await startBooking(through.href, { racy: BOOKING === "racy" });
  try {
    const result = await race({
      database,
      target: booking.url,
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
      trials: 2,
    });
    assert.equal(result.verdict, "not-observed", String(result));
    const { planned = 0, realised } = result.report.schedules ?? {};
    assert.ok(planned > 0);
    assert.equal(realised, planned);
  } finally {
    await booking.stop();
    await database.close();
  }
});
