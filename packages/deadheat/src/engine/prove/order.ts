import { operationName } from "../../plan/operation.ts";
import type { Candidate } from "../../plan/plan.ts";
import type { Route } from "../../source/index.ts";
import { operationOf } from "../join.ts";
import { isSame, type LocatedGap } from "./correlate.ts";

const SEVERITY = { high: 0, medium: 1, low: 2, info: 3 } as const;
const CONFIDENCE = { high: 0, medium: 1, low: 2 } as const;
/** Of what no source suspects: rules that few operations fit say more where they do. */
const TELLING = [
  "refresh-reuse",
  "single-use-code",
  "ownership-race",
  "demotion-race",
  "limit-overrun",
  "duplicate-create",
  "idempotency-race",
  "use-after-delete",
  "write-skew",
  "lost-update",
  "revocation-race",
  "missing-transaction",
];

/**
 * What is raced first: what looks worst in the source; then each piece of code once, since the same view behind two
 * routes races the same; then the rest.
 */
export function raceOrder(
  candidates: readonly Candidate[],
  gaps: readonly LocatedGap[],
  routes: readonly Route[],
): (candidate: Candidate) => number {
  const ranks = new Map<string, number>();
  const seen = new Set<string>();
  for (const candidate of candidates) {
    const suspected = Math.min(...gaps.filter((gap) => isAbout(gap, candidate)).map(worth));
    if (Number.isFinite(suspected)) {
      ranks.set(keyOf(candidate), suspected);
      continue;
    }
    const telling = TELLING.indexOf(candidate.weakness);
    const code = `${candidate.weakness} ${codeOf(candidate, routes)}`;
    const again = seen.has(code) ? AGAIN : ONCE;
    seen.add(code);
    ranks.set(keyOf(candidate), again + (telling < 0 ? TELLING.length : telling));
  }
  return (candidate) => ranks.get(keyOf(candidate)) ?? AGAIN * 2;
}

/** A plan is made anew for each run: its candidates are the same by what they say. */
function keyOf({ weakness, act }: Candidate): string {
  return `${weakness} ${act.scheme} ${operationName(act.operation)}`;
}

const ONCE = 100;
const AGAIN = 200;

function worth({ finding }: LocatedGap): number {
  return SEVERITY[finding.severity] * 10 + CONFIDENCE[finding.confidence];
}

function isAbout({ finding, operations }: LocatedGap, { weakness, act }: Candidate): boolean {
  const name = operationName(act.operation);
  return isSame(finding.weakness, weakness) && operations.some((one) => operationName(one) === name);
}

/** The view and handler that answer; the operation itself where they are not known. */
function codeOf({ act: { operation } }: Candidate, routes: readonly Route[]): string {
  const route = routes.find(
    (one) => operationOf(one, [operation]) !== undefined && one.method === operation.method,
  );
  if (!route?.view && !route?.entry) return operationName(operation);
  return `${route.view?.module.path ?? ""} ${route.view?.name ?? ""} ${route.entry?.qualified ?? route.action ?? route.method}`;
}
