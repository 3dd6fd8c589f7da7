import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds, leavesIn, ownData } from "./shown.ts";

const owner = { name: "ada", score: 3, version: 7, seen: 1 };
const again = { name: "ada", score: 3, version: 7, seen: 2 };
const other = { name: "bob", score: 0, version: 7, seen: 1 };

describe("what only its owner is shown", () => {
  it("is what stays, and differs from what others are shown in the same place", () => {
    const data = ownData([owner, again], [other], []);
    expect([...data.own.keys()]).toEqual(["/name", "/score"]);
    expect([...data.stable.keys()]).toEqual(["/name", "/score", "/version"]);
  });

  it("is held by an answer that has all of it, and by no other", () => {
    const data = ownData([owner, again], [other], []);
    expect(holds(data, { ...owner, seen: 9 })).toBe(true);
    expect(holds(data, { ...owner, score: 4 })).toBe(false);
    expect(holds(data, { name: "ada" })).toBe(false);
    expect(holds(data, { error: "log in" })).toBe(false);
    expect(holds(data, undefined)).toBe(false);
  });

  it("is nothing where everybody is shown the same, or where only the request's own id differs", () => {
    expect(holds(ownData([{ a: 1 }], [{ a: 1 }], []), { a: 1 })).toBe(false);
    const echoed = { id: "17", url: "/things/17", ok: true };
    expect(holds(ownData([echoed], [{ ...echoed, id: "18", url: "/things/18" }], ["17"]), echoed)).toBe(
      false,
    );
  });

  it("is nothing where there is nobody to compare with", () => {
    expect(holds(ownData([owner], [], []), owner)).toBe(false);
  });

  it("whatever is answered, what one is shown alone is never said to be everybody's", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (mine, theirs) => {
        const data = ownData([mine, mine], [theirs], []);
        for (const [key, value] of data.own) expect(leavesIn(theirs).get(key)).not.toBe(value);
        expect(holds(data, theirs)).toBe(false);
        expect(holds(data, mine)).toBe(data.own.size > 0);
      }),
    );
  });
});
