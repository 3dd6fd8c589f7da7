import { basename } from "node:path";
import { DeadheatError } from "../../errors.ts";
import type { FixSummary, NotStarted, ProveReport, Started } from "../../findings/prove-report.ts";
import { type Mask, maskWith, redactTexts } from "../../findings/redact.ts";
import type { Report } from "../../findings/report.ts";
import {
  type HarnessConfig,
  type OpenedProject,
  openProject,
  openWorld,
  StepFailed,
  type World,
} from "../../harness/index.ts";
import type { Plan } from "../../plan/plan.ts";
import { refOf } from "../../race/index.ts";
import {
  checkProgram,
  openProgram,
  ReachedRoutes,
  requestRuleIds,
  routesOfRunning,
  type SourceFinding,
} from "../../source/index.ts";
import { version } from "../../version.ts";
import type { CredentialNote } from "../events.ts";
import type { ScanOptions } from "../options.ts";
import { loadPlan } from "../prepare.ts";
import { scan } from "../scan.ts";
import { eventStream } from "../stream.ts";
import { correlate, type LocatedGap, locateGaps, withFixes } from "./correlate.ts";
import { writeDocument } from "./document.ts";
import type { ProveEvent } from "./events.ts";
import { hintsOf } from "./hints.ts";
import { RaceOrder } from "./order.ts";
import { type Repaired, repair } from "./repair.ts";
import { type Documented, running, type Site } from "./running.ts";

export interface ProveOptions
  extends Omit<ScanOptions, "document" | "target" | "database" | "order" | "authorization" | "endsAt"> {
  /** Folder of the project, absolute. */
  readonly root: string;
  /** As the user named it. */
  readonly project: string;
  readonly harness: HarnessConfig;
  /** An API document of the user's to begin with. */
  readonly document?: string;
  /** Where the derived document goes. */
  readonly documentFile: string;
  /** For all races, ms; those that are left then are told. */
  readonly raceLimitMs?: number;
  /** Asked before the script that makes users is run. */
  readonly allowScript: (script: string) => Promise<boolean>;
  /** Whether a fix is made, applied to a copy, and verified there. */
  readonly fix: boolean;
  /** Called with the running project before it is stopped. */
  readonly onRunning?: (url: string) => Promise<void>;
}

type Emit = (event: ProveEvent) => void;

/** From a Django project to its proofs. The stream ends with `proved`, or throws DeadheatError. */
export function prove(options: ProveOptions): AsyncGenerator<ProveEvent> {
  return eventStream((emit) => run(options, emit));
}

async function run(options: ProveOptions, emit: Emit): Promise<void> {
  const { clock, project, seed } = options;
  const started = clock.now();
  emit({ type: "prove-started", version, project, seed });
  const sourced = await sourcedOf(options);
  const files = sourced.opened.files.length;
  emit({ type: "analysed", files, gaps: sourced.gaps.length, ms: clock.now() - started });
  const outcome: Outcome = await inWorld(sourced, emit, (world, opened, documented) =>
    raced(sourced, world, opened, documented, emit),
  );
  const gaps = outcome.gaps ?? (await offline(sourced));
  const { findings, suspected } = correlate(
    outcome.scan,
    gaps,
    outcome.failed ? `the project was not started: ${outcome.failed.step}` : "the scan ended early",
  );
  // What the project printed and raised may quote any of its data. A diff is left as it is, or it would not apply.
  const mask = maskWith(options.uuid());
  const report: ProveReport = {
    schema: "deadheat/prove/1",
    tool: { name: "deadheat", version },
    seed,
    project,
    files,
    ...(outcome.started ? { started: redactTexts(outcome.started, mask) } : {}),
    ...(outcome.failed ? { failed: redactTexts(outcome.failed, mask) } : {}),
    ...(outcome.document ? { document: outcome.document } : {}),
    findings: outcome.fix ? withFixes(findings, outcome) : findings,
    suspected,
    omitted: outcome.omitted ?? [],
    ...(outcome.scan ? { scan: outcome.scan } : {}),
    ...(outcome.fix ? { fix: withoutSecrets(outcome.fix, mask) } : {}),
    ...(outcome.verify ? { verify: outcome.verify } : {}),
    durationMs: Math.round(clock.now() - started),
  };
  emit({ type: "proved", report });
}

function withoutSecrets(fix: FixSummary, mask: Mask): FixSummary {
  const { failed, tests } = fix;
  return {
    ...fix,
    ...(failed ? { failed: redactTexts(failed, mask) } : {}),
    ...(tests ? { tests: redactTexts(tests, mask) } : {}),
  };
}

/** Reads the project's source. Throws DeadheatError where there is none. */
export async function sourcedOf(options: ProveOptions): Promise<Sourced> {
  const { root, project, clock } = options;
  const opened = await openProgram(root);
  if (opened.files.length === 0)
    throw new DeadheatError("usage", `${project}: no Python files`, "Give the folder of a Django project.");
  const check = checkProgram(opened, clock.now(), { now: () => clock.now() });
  const isLoud = ({ severity }: SourceFinding) => severity === "high" || severity === "medium";
  return {
    ...options,
    opened,
    gaps: check.findings.filter(isLoud),
    // What is said once an authenticator, is known of each request here.
    faint: check.findings.filter((one) => !isLoud(one) && !requestRuleIds.has(one.rule)),
  };
}

export interface Sourced extends ProveOptions {
  readonly opened: Awaited<ReturnType<typeof openProgram>>;
  readonly gaps: readonly SourceFinding[];
  /** What `check` does not show by itself: for the place of what is proven. */
  readonly faint: readonly SourceFinding[];
}

interface Outcome extends Repaired {
  readonly started?: Started;
  readonly failed?: NotStarted;
  readonly document?: NonNullable<ProveReport["document"]>;
  readonly gaps?: readonly LocatedGap[];
  readonly omitted?: ProveReport["omitted"];
  readonly scan?: Report;
}

/** What can be told of a project that was not started. */
async function offline({ opened, gaps, documentFile, project }: Sourced): Promise<LocatedGap[]> {
  await writeDocument(documentFile, { opened, title: basename(project), routes: [], findings: gaps });
  const plan = await loadPlan({ document: documentFile, optIn: [] });
  return locateGaps(
    gaps,
    new ReachedRoutes(opened.program, routesOfRunning(opened.program, [])),
    plan.operations,
  );
}

/** Gets the project ready in a world of its own, has `work` done there, and takes all of it away again. */
export async function inWorld<T extends object>(
  options: Sourced,
  emit: Emit,
  work: (world: World, project: OpenedProject, documented: Documented) => Promise<T>,
): Promise<(Partial<Documented> & T) | (Partial<Documented> & { readonly failed: NotStarted })> {
  const began = options.clock.now();
  const onStep = (step: string, text: string) =>
    emit({ type: "step", step, text, ms: options.clock.now() - began });
  let world: World | undefined;
  let project: OpenedProject | undefined;
  let found: Partial<Documented> = {};
  try {
    world = await openWorld(options.signal);
    const { root, harness: config, signal } = options;
    project = await openProject({ root, name: "original", world, config, signal, onStep });
    const documented = await documentOf(options, project);
    const { operations, from } = documented.document;
    emit({ type: "documented", operations, from, ms: options.clock.now() - began });
    found = documented;
    return { ...documented, ...(await work(world, project, documented)) };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof StepFailed)) throw error;
    const { step, message, lines, hint } = error;
    return { ...found, failed: { step, reason: message, lines, hint } };
  } finally {
    await project?.stop();
    await world?.close();
  }
}

async function documentOf(options: Sourced, project: OpenedProject): Promise<Documented> {
  const { opened, gaps, documentFile } = options;
  const routes = routesOfRunning(opened.program, project.introspection.routes);
  const { operations, from } = await writeDocument(documentFile, {
    opened,
    title: basename(options.project),
    routes,
    findings: gaps,
    ...(options.document === undefined ? {} : { named: options.document }),
    generated: project.introspection.document,
  });
  const plan = await loadPlan({ ...options, document: documentFile });
  const hints = hintsOf(opened, routes, plan.operations);
  const reached = new ReachedRoutes(opened.program, routes);
  const faint = locateGaps(options.faint, reached, plan.operations);
  return {
    document: { file: documentFile, operations, from },
    routes,
    gaps: [
      ...locateGaps(gaps, reached, plan.operations),
      ...faint.map((one) => ({ ...one, hint: true as const })),
      ...hints.gaps,
    ],
    held: hints.held,
    omitted: [],
  };
}

async function raced(
  options: Sourced,
  world: World,
  project: OpenedProject,
  documented: Documented,
  emit: Emit,
): Promise<Outcome> {
  const { clock } = options;
  const { gaps, routes, held } = documented;
  const site: Site = { options, world, documented, emit };
  return running(site, project, async ({ target, plan, url, server, errors, scripted }) => {
    const omitted = plan.omitted.map(({ operation, reason }) => ({ operation: refOf(operation), reason }));
    const order = new RaceOrder(plan.candidates, gaps, routes, held);
    const endsAt = options.raceLimitMs === undefined ? {} : { endsAt: clock.now() + options.raceLimitMs };
    let report: Report | undefined;
    let without: readonly CredentialNote[] = [];
    const race = async (principals: ScanOptions["principals"]) => {
      const given = principals ? { principals } : {};
      for await (const event of scan({ ...target, ...given, order: order.of, ...endsAt })) {
        if (event.type === "ended") report = event.report;
        if (event.type === "race-ended" && event.outcome.status === "proven") order.proven(event.outcome);
        if (event.type === "probe") without = event.credentials.filter((one) => one.reason !== undefined);
        emit({ type: "scan", event });
      }
    };
    await race(target.principals);
    if (without.length > 0 && without.length === plan.credentials.length && !target.principals?.length) {
      const principals = await scripted(without);
      if (principals.length > 0) await race(principals);
    }
    const repaired = report && options.fix ? await repair(site, report, project) : {};
    await options.onRunning?.(url);
    return {
      started: startedOf(world, project, server, errors(), notesOf(plan)),
      omitted,
      ...(report ? { scan: report } : {}),
      ...repaired,
    };
  });
}

/** Why nothing can be raced, where that is so. */
function notesOf({ credentials, operations }: Plan): string[] {
  if (credentials.length > 0) return [];
  const cookies = new Set(operations.flatMap((one) => one.cookies ?? []));
  const by =
    cookies.size > 0
      ? `; its tokens travel in a cookie (${[...cookies].join(", ")}), which is not raced`
      : "";
  return [`none of the ${operations.length} operations takes a token in a header${by}`];
}

function startedOf(
  world: World,
  { interpreter, madeUp, notes, introspection }: OpenedProject,
  server: string,
  errors: readonly string[],
  more: readonly string[],
): Started {
  return {
    python: `${interpreter.version} (${interpreter.source})`,
    django: interpreter.django,
    postgres: world.postgres.version,
    server,
    madeUp,
    replaced: introspection.replaced,
    notes: [...notes, ...more],
    errors,
  };
}
