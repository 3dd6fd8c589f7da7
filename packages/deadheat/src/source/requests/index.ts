import type { Program } from "../effects/program.ts";
import type { SourceFinding } from "../finding.ts";
import type { Route } from "../project/routes.ts";
import { findingOf } from "./finding.ts";
import { ownerThenAct } from "./owner.ts";
import { parentThenAct } from "./parent.ts";
import { roleThenAct } from "./role.ts";
import type { RequestRule } from "./rule.ts";
import { tokenThenAct } from "./token.ts";
import { traceRequest } from "./trace.ts";
import { writesApart } from "./writes-apart.ts";

/** What may have changed between a request's checks and its write. One gap, one file. */
export const requestRules: readonly RequestRule[] = [
  tokenThenAct,
  roleThenAct,
  ownerThenAct,
  parentThenAct,
  writesApart,
];

export const requestRuleIds: ReadonlySet<string> = new Set(requestRules.map(({ id }) => id));
export const requestWeaknesses: readonly string[] = requestRules.map(({ weakness }) => weakness);

/**
 * The gaps of one route: for a race that was proven there, where in the source it is. `undefined` where its request
 * could not be followed.
 */
export function requestGaps(program: Program, route: Route): SourceFinding[] | undefined {
  if (route.method === "GET") return undefined;
  const trace = traceRequest(program, route);
  if (!trace) return undefined;
  return requestRules.flatMap((rule) => {
    const gap = rule.find(trace);
    return gap ? [findingOf(rule, gap, trace)] : [];
  });
}
