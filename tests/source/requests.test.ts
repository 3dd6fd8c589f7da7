/** What one request of labs/django does between its authentication and its writes: the racy half, and the right one. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunningRoute } from "../../packages/deadheat/src/plan/running-route.ts";
import {
  type OpenedProgram,
  openProgram,
  requestGaps,
  routesOfRunning,
} from "../../packages/deadheat/src/source/index.ts";

const SCHEMES = {
  token: ["TokenScheme", "rest_framework.authentication.TokenAuthentication"],
  bearer: ["BearerScheme", "lab.schemes.bearer.BearerAuthentication"],
  jwt: ["JwtScheme", "lab.schemes.jwt.JwtAuthentication"],
} as const;
type Scheme = keyof typeof SCHEMES;

let opened: OpenedProgram;
beforeAll(async () => {
  opened = await openProgram(join(import.meta.dirname, "../../labs/django"));
});

/** The gaps at a view, as the running lab has it: its scheme is an argument of `as_view()`. */
function gapsAt(view: string, method: string, scheme: Scheme): string[] {
  const [cls, authenticator] = SCHEMES[scheme];
  const route: RunningRoute = {
    patterns: [{ kind: "route", text: `${scheme}/it/` }],
    function: `lab.endpoints.${view}`,
    view: `lab.endpoints.${view}`,
    actions: { [method]: method },
    rest: true,
    authenticators: [{ name: authenticator, bases: [] }],
    permissions: ["IsAuthenticated"],
    arguments: { scheme: { class: `lab.schemes.${scheme}.${cls}` }, half: { value: "it" } },
  };
  return routesOfRunning(opened.program, [route]).flatMap((one) =>
    (requestGaps(opened.program, one) ?? []).map(({ rule }) => rule),
  );
}

const TWINS: readonly [module: string, name: string, method: string, also?: string][] = [
  ["score", "Score", "post"],
  ["coupons", "Coupons", "post"],
  ["coupons", "Redeem", "post", "parent-then-act"],
  ["coupons", "Redeem", "post", "writes-apart"],
  ["transfers", "Accounts", "post"],
  ["transfers", "Transfers", "post", "writes-apart"],
  ["invitations", "Invitations", "post"],
  ["documents", "Document", "put", "owner-then-act"],
  ["documents", "GiveAway", "post", "owner-then-act"],
  ["teams", "Teams", "post"],
  ["teams", "Notices", "post", "role-then-act"],
  ["names", "Names", "post"],
];

describe.each(Object.keys(SCHEMES) as Scheme[])("requests of labs/django under %s", (scheme) => {
  it.each(TWINS)("%s: Racy%s is not held, and its right twin is", (module, name, method, also) => {
    const racy = gapsAt(`${module}.Racy${name}`, method, scheme);
    expect(racy).toContain("authenticated-then-act");
    if (also) expect(racy).toContain(also);
    expect(gapsAt(`${module}.Right${name}`, method, scheme)).toEqual([]);
  });

  it("sees that a second check without a lock holds nothing", () => {
    expect(gapsAt("score.UnlockedScore", "post", scheme)).toContain("authenticated-then-act");
  });
});
