import type { CredentialDiagnosis, Diagnosis, OperationDiagnosis } from "../findings/diagnosis.ts";
import { operationName } from "../plan/operation.ts";
import type { Act, Candidate, Plan } from "../plan/plan.ts";
import {
  type Behaviour,
  clockSkew,
  isUnlearned,
  measureAtOnce,
  type RaceContext,
  refOf,
  ScanStopped,
} from "../race/index.ts";
import type { TargetOptions } from "./options.ts";
import { loadPlan, type PreparedTarget, prepareTarget } from "./prepare.ts";
import { byOperation, learnOnce } from "./race-all.ts";
import { targetReport } from "./target-report.ts";

/** More than a usual server works on at once: what comes out below it is the server's number. */
const TOGETHER = 24;

/** Learns every planned operation one call at a time and says what a scan could judge. Races nothing. */
export async function diagnose(
  options: TargetOptions,
  wallClock: () => number,
  onOperation: (name: string) => void = () => {},
): Promise<Diagnosis> {
  const plan = await loadPlan(options);
  const prepared = await prepareTarget(options, plan);
  const { context } = prepared;
  try {
    const probe = plan.credentials[0]?.probes[0]?.path ?? "/";
    const skew = await clockSkew(context, { method: "GET", path: probe, headers: {} }, wallClock);
    const learned = await learnAll(context, plan, onOperation);
    const parallelism = await atOnce(context, learned);
    return {
      schema: "deadheat/doctor/1",
      target: { ...targetReport(context.target, undefined), address: context.target.address },
      transports: context.choice.report(),
      ...(skew ? { clock: skew } : {}),
      credentials: prepared.notes.map((note) => credentialDiagnosis(prepared, note)),
      ...(parallelism ? { parallelism } : {}),
      operations: learned.map(({ diagnosis }) => diagnosis),
      omitted: plan.omitted.map(({ operation, reason }) => ({ operation: refOf(operation), reason })),
    };
  } finally {
    await prepared.close();
  }
}

interface Learned {
  readonly act: Act;
  readonly behaviour?: Behaviour;
  readonly diagnosis: OperationDiagnosis;
}

async function learnAll(
  context: RaceContext,
  plan: Plan,
  onOperation: (name: string) => void,
): Promise<Learned[]> {
  const learned: Learned[] = [];
  for (const candidates of byOperation(plan.candidates)) {
    const [first] = candidates as [Candidate];
    const { act } = first;
    onOperation(operationName(act.operation));
    const behaviour = await learnOnce(context, first);
    const base = {
      operation: refOf(act.operation),
      scheme: act.scheme,
      planned: candidates.map(({ weakness }) => weakness),
    };
    if (isUnlearned(behaviour))
      learned.push({ act, diagnosis: { ...base, reason: `${behaviour.status}: ${behaviour.reason}` } });
    else {
      const { fit, latency, visibilityMs } = behaviour;
      const diagnosis = {
        ...base,
        behaves: fit.words,
        latencyMs: Math.round(latency.median * 10) / 10,
        visibilityMs: Math.round(visibilityMs),
      };
      learned.push({ act, behaviour, diagnosis });
    }
  }
  return learned;
}

/** Measured on the slowest operation: there the work stands out best against the way there and back. */
async function atOnce(context: RaceContext, learned: readonly Learned[]): Promise<Diagnosis["parallelism"]> {
  const [slowest] = learned
    .filter((one): one is Learned & { behaviour: Behaviour } => one.behaviour !== undefined)
    .sort((a, b) => b.behaviour.latency.shortest - a.behaviour.latency.shortest);
  if (!slowest) return undefined;
  try {
    const { factor, overlaps } = await measureAtOnce(
      context,
      slowest.behaviour.act,
      slowest.behaviour,
      TOGETHER,
    );
    const operation = operationName(slowest.act.operation);
    return {
      ...(factor === undefined ? {} : { atOnce: Math.round(factor * 10) / 10 }),
      sent: TOGETHER,
      overlaps,
      operation,
    };
  } catch (error) {
    if (error instanceof ScanStopped) return undefined;
    throw error;
  }
}

function credentialDiagnosis(
  { context }: PreparedTarget,
  note: PreparedTarget["notes"][number],
): CredentialDiagnosis {
  const credentials = context.credentials.get(note.scheme);
  if (!credentials) return { ...note };
  const { fresh, secondToken, renewable, users } = credentials;
  return { ...note, fresh, secondToken, renewable, ...(Number.isFinite(users) ? { users } : {}) };
}
