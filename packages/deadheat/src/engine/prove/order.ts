import type { RaceOutcome } from "../../findings/finding.ts";
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
  "revocation-race",
  "idempotency-race",
  "use-after-delete",
  "write-skew",
  "duplicate-create",
  "limit-overrun",
  "lost-update",
  "missing-transaction",
];

/**
 * What is raced first: what looks worst in the source; then what is proven behind another route already; then each piece
 * of code once, since the same view behind two routes races the same; then the rest; last, where the source shows a lock.
 */
export class RaceOrder {
  readonly #ranks = new Map<string, number>();
  readonly #codes = new Map<string, string>();
  readonly #handlers = new Map<string, string>();
  readonly #proven = new Set<string>();

  constructor(
    candidates: readonly Candidate[],
    gaps: readonly LocatedGap[],
    routes: readonly Route[],
    held: ReadonlySet<string> = new Set(),
  ) {
    const suspicions = gaps.filter(({ hint }) => !hint);
    const seen = new Set<string>();
    for (const candidate of candidates) {
      const key = keyOf(candidate);
      const handler = codeOf(candidate, routes);
      const code = `${candidate.weakness} ${handler}`;
      this.#handlers.set(key, handler);
      this.#codes.set(key, code);
      const suspected = Math.min(...suspicions.filter((gap) => isAbout(gap, candidate)).map(worth));
      const telling = TELLING.indexOf(candidate.weakness);
      const isHeld = held.has(`${candidate.weakness} ${operationName(candidate.act.operation)}`);
      const again = isHeld ? HELD : seen.has(code) ? AGAIN : ONCE;
      seen.add(code);
      this.#ranks.set(
        key,
        Number.isFinite(suspected) ? suspected : again + 2 * (telling < 0 ? TELLING.length : telling) + 1,
      );
    }
  }

  readonly of = (candidate: Candidate): number => {
    const key = keyOf(candidate);
    const rank = this.#ranks.get(key) ?? HELD + ONCE;
    if (rank < ONCE) return rank;
    if (rank >= HELD) return rank;
    if (rank >= AGAIN && this.#proven.has(this.#codes.get(key) ?? "")) return LIKELY;
    // Code that races in one way is likelier than other code to race in another.
    const isRacy = this.#proven.has(this.#handlers.get(key) ?? "");
    return isRacy ? (rank % ONCE) + ONCE - 1 : rank;
  };

  /** The same code races behind other routes, too. */
  proven({ weakness, operation }: Pick<RaceOutcome, "weakness" | "operation">): void {
    const end = ` ${operationName(operation)}`;
    for (const [key, code] of this.#codes)
      if (key.endsWith(end)) {
        this.#proven.add(this.#handlers.get(key) ?? "");
        if (key.startsWith(`${weakness} `)) this.#proven.add(code);
      }
  }
}

const LIKELY = 50;
/** A plan is made anew for each run: its candidates are the same by what they say. */
function keyOf({ weakness, act }: Candidate): string {
  return `${weakness} ${act.scheme} ${operationName(act.operation)}`;
}

const ONCE = 100;
const AGAIN = 200;
/** The source shows a lock: if that is wrong, there is time for it last. */
const HELD = 300;

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
