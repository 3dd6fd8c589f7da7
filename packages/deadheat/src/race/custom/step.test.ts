// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of steps
import { describe, expect, it } from "vitest";
import type { CustomStep } from "../../plan/custom.ts";
import type { Exchange } from "../exchange.ts";
import { extractedFrom, requestOf } from "./step.ts";

const step: CustomStep = {
  name: "buy",
  place: "race.yaml:3:5: concurrent.0",
  token: 1,
  request: {
    method: "POST",
    path: "/items/${item}/buy",
    headers: { "X-Who": "${who}" },
    json: { item: "${item}", label: "item ${item}", lines: [{ tags: "${tags}" }] },
  },
  extract: { first: "$.rows[0].id", all: "$.rows[*].id", none: "$.nothing" },
};

describe("a step", () => {
  it("keeps the type of a value that is a whole text of its body, and escapes it in its path", () => {
    const values = new Map<string, unknown>([
      ["item", 7],
      ["who", "a b"],
      ["tags", "x"],
    ]);
    const request = requestOf(step, values, { value: "t", headers: { authorization: "Bearer t" } });
    expect(JSON.parse(request.body ?? "")).toEqual({ item: 7, label: "item 7", lines: [{ tags: "x" }] });
    expect(request.headers).toMatchObject({ "x-who": "a b", authorization: "Bearer t" });
    expect(requestOf(step, new Map(values).set("item", "a/b?c"), undefined).path).toBe(
      "/items/a%2Fb%3Fc/buy",
    );
  });

  it("says where a variable has no value, or one that fits into no text", () => {
    const message = "race.yaml:3:5: concurrent.0: ${item} has no value here";
    expect(() => requestOf(step, new Map(), undefined)).toThrowError(message);
    expect(() => requestOf(step, new Map([["item", {}]]), undefined)).toThrowError(message);
  });

  it("extracts one value or the list of all, and leaves out what matches nothing", () => {
    const answer = (body: unknown) => ({ body }) as Exchange;
    expect(extractedFrom(step, answer({ rows: [{ id: 1 }, { id: "2" }] }))).toEqual({
      first: 1,
      all: [1, "2"],
    });
    expect(extractedFrom(step, answer({}))).toEqual({ all: [] });
    expect(extractedFrom(step, answer(undefined))).toEqual({});
  });
});
