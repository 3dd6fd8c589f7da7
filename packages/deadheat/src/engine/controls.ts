import type { ControlRow } from "../findings/controls.ts";
import type { Evidence, SpecEvidence } from "../findings/evidence.ts";
import { type Finding, findingId, type RaceOutcome } from "../findings/finding.ts";
import type { CredentialPlan, Plan } from "../plan/plan.ts";
import {
  examineScheme,
  type Mismatch,
  type RaceContext,
  refOf,
  ScanStopped,
  type SchemeResult,
} from "../race/index.ts";
import { controlledActs, declaredRevocations, openReads } from "../spec/controls.ts";
import type { ScanEvent } from "./events.ts";
import type { ScanOptions } from "./options.ts";

/** The control matrix and what it proved. */
export interface Controls {
  readonly rows: readonly ControlRow[];
  readonly findings: readonly Finding[];
  readonly outcomes: readonly RaceOutcome[];
}

type Emit = (event: ScanEvent) => void;
type ExamineOptions = Pick<ScanOptions, "optIn" | "objects" | "longAfterEndMs">;

/** Puts every declared control to the test, all schemes at once where their principals are the scan's own. */
export async function examineControls(
  context: RaceContext,
  plan: Plan,
  options: ExamineOptions,
  emit: Emit,
): Promise<Controls> {
  const started = context.clock.now();
  const work = plan.credentials.map((one) => () => ofScheme(context, plan, one, options));
  const fresh = plan.credentials.every(({ scheme }) => context.credentials.get(scheme)?.fresh !== false);
  const results: (SchemeResult | { readonly reason: string })[] = [];
  if (fresh) results.push(...(await Promise.all(work.map((one) => one()))));
  // The same user under two schemes: one revocation would meddle with the other's calls.
  else for (const one of work) results.push(await one());
  const done = results.filter((one): one is SchemeResult => !("reason" in one));
  for (const one of results)
    if ("reason" in one) emit({ type: "remark", text: `the control matrix is not complete: ${one.reason}` });
  const tested = done.flatMap((one) => one.rows);
  const rows = [...tested, ...untestedRows(plan, tested), ...(await openRows(context, plan))];
  const mismatches = done.flatMap((one) => one.mismatches);
  emit({ type: "controls", controls: rows, ms: context.clock.now() - started });
  return {
    rows,
    findings: mismatches.map(findingOf),
    outcomes: [
      ...mismatches.map(provenOf),
      ...plan.credentials.flatMap((one, index) => forged(plan, one, results[index])),
    ],
  };
}

async function ofScheme(
  context: RaceContext,
  plan: Plan,
  credentials: CredentialPlan,
  { optIn, objects = [], longAfterEndMs }: ExamineOptions,
): Promise<SchemeResult | { readonly reason: string }> {
  const { scheme } = credentials;
  const { operations } = plan;
  try {
    return await examineScheme(context, {
      plan: credentials,
      acts: controlledActs(operations, { optIn, objects }).filter((one) => one.scheme === scheme),
      revokers: declaredRevocations(scheme, operations, optIn),
      ...(longAfterEndMs === undefined ? {} : { longAfterEndMs }),
      keyReads: openReads(operations).filter((one) => /jwks|\.well-known/i.test(one.path)),
    });
  } catch (error) {
    if (!(error instanceof ScanStopped)) throw error;
    return { reason: error.message };
  }
}

/** Operations that declare a credential and could not be called: said, so that a missing row is none that passed. */
function untestedRows({ operations, omitted }: Plan, tested: readonly ControlRow[]): ControlRow[] {
  const known = new Set(tested.map(({ operation }) => `${operation.method} ${operation.path}`));
  const missing = operations.filter(
    (one) => one.bearer.length > 0 && !known.has(`${one.method} ${one.path}`),
  );
  return missing.map((operation) => {
    const why = omitted.find((one) => one.operation.id === operation.id)?.reason;
    return {
      operation: refOf(operation),
      declared: operation.bearer,
      optional: operation.open,
      enforced: {},
      challenge: "not seen",
      atomic: "not known",
      remarks: [],
      reason:
        why ?? "names an object that no operation makes, or requires what the document shows no value for",
    };
  });
}

/** Reads that are declared open, called with nothing. */
async function openRows({ session }: RaceContext, plan: Plan): Promise<ControlRow[]> {
  const rows: ControlRow[] = [];
  for (const operation of openReads(plan.operations).filter((one) => one.bearer.length === 0)) {
    try {
      const { status, failure } = await session.send({
        method: "GET",
        path: operation.path,
        headers: { accept: "application/json, */*;q=0.5", ...operation.headers },
      });
      const refused = status === 401 || status === 403;
      const demanded = `is declared open, and answers ${status} without a credential`;
      rows.push({
        operation: refOf(operation),
        declared: [],
        optional: true,
        enforced: {
          none: {
            answer: refused ? "refused" : "unclear",
            ...(status === undefined ? {} : { status }),
            tested: `without a token: ${status ?? failure}`,
          },
        },
        challenge: "not seen",
        atomic: "not known",
        remarks: refused ? [demanded] : [],
      });
    } catch (error) {
      if (!(error instanceof ScanStopped)) throw error;
      break;
    }
  }
  return rows;
}

function findingOf({ weakness, operation, severity, declared, evidence }: Mismatch): Finding {
  const spec: SpecEvidence = { kind: "spec", location: operation.location, reasons: [declared] };
  const exhibits: readonly Evidence[] = [spec, ...evidence];
  const ref = refOf(operation);
  return {
    id: findingId(weakness, ref),
    weakness,
    operation: ref,
    status: "proven",
    severity,
    evidence: exhibits,
  };
}

function provenOf({ weakness, operation, evidence }: Mismatch): RaceOutcome {
  const trials = evidence.reduce((sum, one) => sum + one.exchanges.length, 0);
  return { weakness, operation: refOf(operation), status: "proven", trials, overlapped: 0 };
}

/** What became of forged tokens where none was accepted; nothing is passed over in silence. */
function forged(
  plan: Plan,
  { scheme, probes }: CredentialPlan,
  result: SchemeResult | { readonly reason: string } | undefined,
): RaceOutcome[] {
  const forgeries = result && !("reason" in result) ? result.forgeries : undefined;
  const operation =
    forgeries?.operation ?? probes[0] ?? plan.operations.find((one) => one.bearer.includes(scheme));
  if (!operation || forgeries?.status === "proven") return [];
  // Why there is no token is said once, where credentials are reported.
  const status = forgeries?.status ?? "not-applicable";
  const reason = forgeries?.reason ?? `no token of ${scheme} could be had`;
  const base = { weakness: "token-unverified", operation: refOf(operation), overlapped: 0 };
  return [{ ...base, status, trials: forgeries?.tried ?? 0, reason }];
}
