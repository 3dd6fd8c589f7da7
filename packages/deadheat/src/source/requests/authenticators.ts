import { createHash } from "node:crypto";
import type { Program } from "../effects/program.ts";
import type { Site } from "../effects/values.ts";
import type { SourceFinding } from "../finding.ts";
import type { Reported } from "../finding-of.ts";
import { isIgnored } from "../ignore.ts";
import type { Route } from "../project/routes.ts";
import { findingOf } from "./finding.ts";
import { tokenThenAct } from "./token.ts";
import { type RequestTrace, traceRequest } from "./trace.ts";

/** Routes of one authenticator that are followed until one shows the gap. */
const MOST_TRACES = 8;

/**
 * One remark an authenticator: it reads a token that can be revoked, and a route behind it writes without asking again.
 * Nearly every API has this, so it is said once, and low; which of the routes race, a run shows.
 */
export function authenticatorGaps(
  program: Program,
  told: (group: number, make: () => Reported | undefined) => Reported | undefined = (_group, make) => make(),
): SourceFinding[] {
  const groups = new Map<string, Route[]>();
  for (const route of program.routes) {
    if (route.method === "GET" || route.authenticators.length === 0) continue;
    const key = route.authenticators.join();
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  const found = new Map<string, SourceFinding>();
  for (const [group, routes] of [...groups.values()].entries()) {
    const made = told(group, () => reportedOf(program, routes));
    if (!made || made.isIgnored) continue;
    const { finding } = made;
    found.set(finding.fingerprint, found.get(finding.fingerprint) ?? finding);
  }
  return [...found.values()];
}

function reportedOf(program: Program, routes: readonly Route[]): Reported | undefined {
  const finding = firstOf(program, routes);
  return finding && { finding, isIgnored: isIgnored(finding, program) };
}

function firstOf(program: Program, routes: readonly Route[]): SourceFinding | undefined {
  for (const route of routes.slice(0, MOST_TRACES)) {
    const trace = traceRequest(program, route);
    if (!trace || !canBeRevoked(trace)) continue;
    const gap = tokenThenAct.find(trace);
    if (!gap) continue;
    const finding = findingOf(tokenThenAct, gap, trace);
    const { name, site } = trace.authentication as NonNullable<RequestTrace["authentication"]>;
    const place = site ? placeOf(site) : placeOfView(finding);
    return {
      ...finding,
      ...place,
      message: `${name} checks the token before the handler: ${finding.message}${also(routes.length - 1)}`,
      fingerprint: createHash("sha256")
        .update([tokenThenAct.id, place.file, name].join("\0"))
        .digest("hex")
        .slice(0, 16),
    };
  }
  return undefined;
}

type Place = Pick<SourceFinding, "file" | "line" | "endLine" | "function">;

function placeOf({ fn, start, end }: Site): Place {
  const { source, path } = fn.module;
  return {
    file: path,
    line: source.lineAt(start),
    endLine: source.lineAt(Math.max(start, end - 1)),
    function: fn.qualified,
  };
}

/** A library's is named by the view that it stands before: what that view writes is not what there is to mend. */
function placeOfView(finding: SourceFinding): Place {
  const { file, line, function: name } = finding.path.find((one) => one.role === "authentication") ?? finding;
  return { file, line, endLine: line, function: name };
}

function also(more: number): string {
  if (more <= 0) return "";
  return `; ${more} more ${more === 1 ? "route" : "routes"} that may write ${more === 1 ? "is" : "are"} let in by it`;
}

/** A signature alone is good until it expires: nobody revokes it. */
function canBeRevoked({ authentication }: RequestTrace): boolean {
  return (
    authentication !== undefined &&
    (authentication.reads.length > 0 || authentication.library?.table !== undefined)
  );
}
