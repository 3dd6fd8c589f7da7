import { describe, expect, it } from "vitest";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Route, SourceFinding } from "../../source/index.ts";
import type { LocatedGap } from "./correlate.ts";
import { overridesFor } from "./overrides.ts";

const racy = { method: "POST", path: "/racy/" };
const right = { method: "POST", path: "/right/" };
const module = { path: "views.py" };
const routes = [
  { ...racy, view: { name: "Racy", module } },
  { ...right, view: { name: "Right", module } },
] as unknown as Route[];
const gap: LocatedGap = {
  finding: { weakness: "limit-overrun", fingerprint: "f" } as SourceFinding,
  operations: [racy, right],
};
const findings = [{ id: "x", weakness: "limit-overrun", operation: racy }] as Finding[];
const outcome = (status: RaceOutcome["status"]) =>
  [{ weakness: "limit-overrun", operation: right, status }] as RaceOutcome[];

describe("overridesFor", () => {
  it("gives the view that races a method of its own where another that inherits it was raced clean", () => {
    const found = overridesFor({ findings, outcomes: outcome("not-observed") }, { gaps: [gap], routes });
    expect([...found]).toEqual([["f", [{ file: "views.py", name: "Racy" }]]]);
  });

  it("mends what all share where nothing says that one of them is right", () => {
    const found = overridesFor({ findings, outcomes: outcome("inconclusive") }, { gaps: [gap], routes });
    expect(found.size).toBe(0);
  });
});
