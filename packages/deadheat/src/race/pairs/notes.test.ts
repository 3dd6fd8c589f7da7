import { describe, expect, it } from "vitest";
import type { Operation } from "../../plan/operation.ts";
import type { Exchange } from "../exchange.ts";
import { notesOf } from "./notes.ts";

const exchange = (method: string, path: string, status?: number): Exchange => ({
  request: { method, path, headers: {} },
  invoke: 0,
  ...(status === undefined ? {} : { status }),
  headers: {},
  body: undefined,
});
const operation = { method: "PUT", path: "/items/{id}" } as Operation;
const side = { operation, does: "set /title" };
const burst = [exchange("PUT", "/items/1", 200), exchange("PUT", "/items/1")];
const answers = ["GET /items", "GET /items/{id}"].map((name) => ({
  name,
  exchange: exchange("GET", name, 200),
}));
const performance = { kinds: [0, 1] as const, exchanges: burst, read: { invoke: 1, return: 2, answers } };

const notes = (places: readonly string[], more: object = {}) =>
  notesOf({ sides: [side, side] }, { ...performance, ...more }, { places });

describe("what a report shows of a pair", () => {
  it("each request as it was sent, and of the reads the one that shows what no order explains", () => {
    const shown = notes(["GET /items/{id} /title"]);
    expect(shown.get("r1")).toMatchObject({ does: "set /title (a)", status: 200, exchange: burst[0] });
    expect(shown.get("r2")?.status).toBeUndefined();
    expect(shown.get("read")).toMatchObject({
      operation: "GET /items/{id}",
      does: "read the state (this and 1 more)",
      exchange: answers[1]?.exchange,
    });
  });

  it("the first read where none is known to tell; the read after an acknowledgement as it was answered", () => {
    const seen = {
      name: "GET /me",
      state: new Map(),
      exchange: exchange("GET", "/me", 404),
      invoke: 0,
      return: 1,
    };
    const shown = notes([], { seen });
    expect(shown.get("read")?.operation).toBe("GET /items");
    expect(shown.get("seen")).toMatchObject({ operation: "GET /me", status: 404, exchange: seen.exchange });
  });
});
