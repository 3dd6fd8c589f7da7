import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Exchange } from "../exchange.ts";
import { canBeHalved, halvesIn, type Look, partsOf } from "./parts.ts";
import type { State } from "./state.ts";

const state = (values: Readonly<Record<string, string | string[]>>): State =>
  new Map(Object.entries(values).map(([place, value]) => [place, [value].flat()]));
/** What is read from it is in its state. */
const exchange: Exchange = {
  request: { method: "GET", path: "/a", headers: {} },
  invoke: 0,
  headers: {},
  body: undefined,
};
const look = (at: number, values: Parameters<typeof state>[0], name = "GET /a"): Look => ({
  name,
  state: state(values),
  exchange,
  invoke: at,
  return: at + 1,
});

const none = state({ "GET /a /x": "1", "GET /a /y": "1", "GET /b /z": "1" });
const acted = state({ "GET /a /x": "2", "GET /a /y": "2", "GET /b /z": "2" });
const parts = partsOf(none, acted);

describe("halves of a call", () => {
  it("are a part that is there and, in a read that began later, another that is not", () => {
    const looks = [
      look(0, { "GET /a /x": "2", "GET /a /y": "1" }),
      look(2, { "GET /a /x": "2", "GET /a /y": "1" }),
    ];
    expect(halvesIn(looks, parts)).toMatchObject({ there: "GET /a /x 2", missing: "GET /a /y 1" });
  });

  it("may be shown by two reads", () => {
    const looks = [look(0, { "GET /a /x": "2", "GET /a /y": "2" }), look(2, { "GET /b /z": "1" }, "GET /b")];
    expect(halvesIn(looks, parts)).toMatchObject({ missing: "GET /b /z 1" });
  });

  it.each<[string, Look[]]>([
    ["one read alone, which may have looked twice itself", [look(0, { "GET /a /x": "2", "GET /a /y": "1" })]],
    [
      "two reads at the same time",
      [look(0, { "GET /a /x": "2", "GET /a /y": "1" }), look(0.5, { "GET /a /x": "2", "GET /a /y": "1" })],
    ],
    [
      "two replicas, of which each shows the whole",
      [look(0, { "GET /a /x": "2", "GET /a /y": "2" }), look(2, { "GET /a /x": "1", "GET /a /y": "1" })],
    ],
    [
      "something else that is shown for a moment",
      [look(0, { "GET /a /x": "7", "GET /a /y": "1" }), look(2, { "GET /a /x": "7", "GET /a /y": "1" })],
    ],
  ])("are not %s", (_name, looks) => {
    expect(halvesIn(looks, parts)).toBeUndefined();
  });

  it("of lists are values of one place", () => {
    const [before, after] = [state({ "GET /a /*": ["0", "9"] }), state({ "GET /a /*": ["4", "5"] })];
    expect(canBeHalved(partsOf(before, after), before, after)).toBe(true);
    const half = { "GET /a /*": ["0", "5"] };
    expect(halvesIn([look(0, half), look(2, half)], partsOf(before, after))).toBeDefined();
  });

  it("need two things that change", () => {
    const [before, after] = [state({ "GET /a /x": "1" }), state({ "GET /a /x": "2" })];
    expect(canBeHalved(partsOf(before, after), before, after)).toBe(false);
  });

  it("are never seen where the call takes effect at once, however slowly reads look", () => {
    const places = [...acted.keys()];
    const reads = fc.array(
      fc.record({
        invoke: fc.integer({ min: 0, max: 40 }),
        offsets: fc.array(fc.integer({ min: 0, max: 6 }), {
          minLength: places.length,
          maxLength: places.length,
        }),
        second: fc.boolean(),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(reads, fc.integer({ min: 0, max: 40 }), (all, effect) => {
        const looks = all.map(({ invoke, offsets, second }): Look => {
          const name = second ? "GET /b" : "GET /a";
          const shown = places.flatMap((place, index) =>
            place.startsWith(name)
              ? [[place, [invoke + (offsets[index] ?? 0) >= effect ? "2" : "1"]] as const]
              : [],
          );
          return { name, state: new Map(shown), exchange, invoke, return: invoke + 6 };
        });
        expect(halvesIn(looks, parts)).toBeUndefined();
      }),
    );
  });
});
