import { historyIn } from "../findings/evidence.ts";
import { type Finding, findingId, type RaceOutcome } from "../findings/finding.ts";
import { maskWith, redactTexts } from "../findings/redact.ts";
import type { GoneBound, VerifyResult } from "../findings/verify-report.ts";
import { operationName } from "../plan/operation.ts";
import type { Plan } from "../plan/plan.ts";
import { unseen } from "../race/index.ts";
import { examineControls } from "./controls.ts";
import type { ScanEvent } from "./events.ts";
import { doubtOfSilence } from "./gone.ts";
import type { ScanOptions } from "./options.ts";
import { loadPlan, prepareTarget } from "./prepare.ts";
import { type Raced, raceAll } from "./race-all.ts";

/** Of a witness that rests on bursts: so often it is run as it was. */
const WITNESS_TRIALS = 10;

export type VerifyOptions = Pick<ScanOptions, "trials" | "timeLimitMs"> &
  Omit<ScanOptions, "only" | "weaknesses" | "operation" | "order" | "endsAt">;

/**
 * Runs the witnesses of findings once more with the same seed, and then their scenarios: every order of SQL statements
 * where the database is in view, and bursts. Gone is only what was tried in vain; what cannot be tried is not comparable.
 */
export async function verifyFindings(
  options: VerifyOptions,
  findings: readonly Finding[],
  onResult: (result: VerifyResult) => void = () => {},
  emit: (event: ScanEvent) => void = () => {},
): Promise<VerifyResult[]> {
  const plan = await loadPlan(options);
  const prepared = await prepareTarget(options, plan);
  const results = new Map<string, VerifyResult>();
  const tell = (result: VerifyResult) => {
    results.set(result.id, result);
    onResult(result);
  };
  try {
    const racing = findings.filter((one) => historyIn(one.evidence) !== undefined);
    for (const finding of racing) {
      const refusal = refusalOf(finding, plan, options);
      if (refusal !== undefined) tell({ ...headOf(finding), status: "not-comparable", reason: refusal });
    }
    const open = () => racing.filter((one) => !results.has(one.id));
    for (const finding of open().filter(isBurst)) {
      const raced = await raceAgain(finding);
      if (raced?.result.outcome.status === "proven") tell(stillRacing(finding, raced));
    }
    const these = open().map(({ weakness, operation }) => ({ weakness, operation }));
    const raced =
      these.length === 0 ? [] : await raceAll(prepared.context, plan, { ...options, these }, emit);
    if (options.database && !options.database.seen()) throw unseen();
    for (const finding of open()) tell(judged(finding, raced));
    const exchanges = findings.filter((one) => historyIn(one.evidence) === undefined);
    for (const one of exchanges.filter((finding) => !OF_CONTROLS.includes(finding.weakness)))
      tell({
        ...headOf(one),
        status: "not-comparable",
        reason: "it was measured: measure it again with deadheat scan",
      });
    await verifyControls(exchanges.filter((finding) => OF_CONTROLS.includes(finding.weakness)));
  } finally {
    await prepared.close();
  }
  return redactTexts(
    findings.flatMap((one) => results.get(one.id) ?? []),
    maskWith(options.uuid()),
  );

  async function raceAgain(finding: Finding): Promise<Raced | undefined> {
    const { weakness, operation } = finding;
    const schedule = historyIn(finding.evidence)?.schedule;
    const only = { weakness, operation, ...(schedule ? { schedule } : {}) };
    const [first] = await raceAll(prepared.context, plan, { ...options, trials: WITNESS_TRIALS, only }, emit);
    return first;
  }

  async function verifyControls(exchanges: readonly Finding[]): Promise<void> {
    if (exchanges.length === 0) return;
    const controls = await examineControls(prepared.context, plan, options, emit);
    for (const finding of exchanges) {
      const again = controls.findings.find((one) => one.id === finding.id);
      const outcome = controls.outcomes.find((one) => findingId(one.weakness, one.operation) === finding.id);
      if (again) tell({ ...headOf(finding), status: "still-racing", witness: again });
      else if (outcome?.status === "not-observed")
        tell({ ...headOf(finding), status: "gone", bound: { overlapped: 0 }, legitimate: true });
      else
        tell({
          ...headOf(finding),
          status: "not-comparable",
          reason: outcome?.reason ?? "the control was not tested",
        });
    }
  }
}

const OF_CONTROLS: readonly string[] = ["control-mismatch", "token-unverified"];

function headOf({ id, weakness, operation }: Finding): Pick<VerifyResult, "id" | "weakness" | "operation"> {
  return { id, weakness, operation };
}

/** An order of statements is among those that are all tried; bursts have to be sent as they were. */
function isBurst({ evidence }: Finding): boolean {
  return historyIn(evidence)?.schedule.interleaving === undefined;
}

function refusalOf(finding: Finding, plan: Plan, { database }: VerifyOptions): string | undefined {
  const name = operationName(finding.operation);
  const planned = plan.candidates.some(
    (one) => one.weakness === finding.weakness && operationName(one.act.operation) === name,
  );
  if (!planned) return `the document plans no ${finding.weakness} at ${name} any more`;
  if (!isBurst(finding) && !database) return "its proof is an order of SQL statements: give --database";
  return undefined;
}

function judged(finding: Finding, raced: readonly Raced[]): VerifyResult {
  const name = operationName(finding.operation);
  const own = raced.filter(
    ({ result: { outcome } }) =>
      outcome.weakness === finding.weakness && operationName(outcome.operation) === name,
  );
  const proven = own.find(({ result }) => result.outcome.status === "proven");
  if (proven) return stillRacing(finding, proven);
  // Under several schemes: the one that says least decides.
  const [worst] = own.map(({ result }) => result.outcome).sort((a, b) => rank(a) - rank(b));
  if (!worst) return { ...headOf(finding), status: "not-comparable", reason: "it was not raced" };
  if (worst.status !== "not-observed")
    return { ...headOf(finding), status: "not-comparable", reason: `${worst.status}: ${worst.reason ?? ""}` };
  const weak = isBurst(finding) ? undefined : doubtOfSilence(worst.schedules);
  if (weak !== undefined) return { ...headOf(finding), status: "not-comparable", reason: weak };
  return { ...headOf(finding), status: "gone", bound: boundOf(worst), legitimate: true };
}

function rank({ status }: RaceOutcome): number {
  return status === "not-observed" ? 1 : 0;
}

function boundOf({ schedules, overlapped, bound }: RaceOutcome): GoneBound {
  return {
    ...(schedules
      ? {
          schedules: {
            planned: schedules.planned,
            realised: schedules.realised,
            uncovered: schedules.uncovered,
          },
        }
      : {}),
    overlapped,
    ...(bound === undefined ? {} : { chance: bound }),
  };
}

function stillRacing(finding: Finding, { candidate, result }: Raced): VerifyResult {
  const { location } = candidate.act.operation;
  const { evidence, interleaving } = result;
  const witness: Finding = {
    ...headOf(finding),
    status: "proven",
    severity: finding.severity,
    evidence: [
      { kind: "spec", location, reasons: candidate.reasons },
      ...(evidence ? [evidence] : []),
      ...(interleaving ? [interleaving] : []),
    ],
  };
  return { ...headOf(finding), status: "still-racing", legitimate: true, witness };
}
