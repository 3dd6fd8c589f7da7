import { describe, expect, it } from "vitest";
import type { Exchange } from "../exchange.ts";
import { locationOf } from "./left-behind.ts";

const TARGET = "http://127.0.0.1:3000";
const answer = (
  location: string | undefined,
  other: { status?: number; method?: string } = {},
): Exchange => ({
  request: { method: other.method ?? "POST", path: "/items?draft=1", headers: {} },
  invoke: 0,
  status: other.status ?? 201,
  headers: location === undefined ? {} : { location },
  body: undefined,
});

describe("where a new thing is said to be", () => {
  it.each([
    ["/items/7", "/items/7"],
    ["items/7", "/items/7"],
    [`${TARGET}/items/7`, "/items/7"],
  ])("%s", (location, path) => expect(locationOf(answer(location), TARGET)).toBe(path));

  it.each([
    undefined,
    "/items",
    "/items/",
    "/",
    "/other/7",
    "http://127.0.0.1:3001/items/7",
    "//elsewhere.example/items/7",
    "http://[",
  ])("not to be taken for it: %s", (location) => {
    expect(locationOf(answer(location), TARGET)).toBeUndefined();
  });

  it("only of what was created just now", () => {
    expect(locationOf(answer("/items/7", { status: 200 }), TARGET)).toBeUndefined();
    expect(locationOf(answer("/items/7", { status: 303 }), TARGET)).toBeUndefined();
    expect(locationOf(answer("/items/7", { method: "PUT" }), TARGET)).toBeUndefined();
  });
});
