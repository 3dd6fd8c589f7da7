import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Finding, OperationRef } from "../../findings/finding.ts";
import type { FixSummary } from "../../findings/prove-report.ts";
import type { Report } from "../../findings/report.ts";
import type { VerifyResult } from "../../findings/verify-report.ts";
import { copyProject, type OpenedProject, openProject, StepFailed } from "../../harness/index.ts";
import { fixProject, holdTokens, type OperationName, type Patch } from "../../source/index.ts";
import { verifyFindings } from "../verify.ts";
import { exhibitsFor, routeOf } from "./correlate.ts";
import { overridesFor } from "./overrides.ts";
import { testsOf } from "./own-tests.ts";
import { type Documented, running, type Site } from "./running.ts";

export interface Repaired {
  readonly fix?: FixSummary;
  /** Kinds of the fixes for a finding, by its id. */
  readonly kinds?: ReadonlyMap<string, readonly string[]>;
  /** Why there is none, by the finding's id. */
  readonly reasons?: ReadonlyMap<string, string>;
  readonly verify?: readonly VerifyResult[];
}

interface Made extends Required<Pick<Repaired, "fix" | "kinds" | "reasons">> {
  readonly patches: readonly Patch[];
  readonly fixed: number;
  readonly left: number;
}

/** Fixes what was proven in a copy of the project, starts that, and runs the proofs there again. */
export async function repair(site: Site, report: Report, original: OpenedProject): Promise<Repaired> {
  const { options, world, documented, emit } = site;
  const { clock, root } = options;
  const began = clock.now();
  const made = await makeFixes(root, report, documented);
  if (!made) return {};
  const { fix, kinds, reasons, patches, fixed, left } = made;
  emit({ type: "fixed", files: patches.length, gaps: fixed, left, ms: clock.now() - began });
  if (patches.length === 0) return { fix, kinds, reasons };
  const repaired = report.findings.filter((one) => kinds.has(one.id));
  try {
    const patched = join(world.home, "patched");
    await copyProject(root, patched);
    for (const { file, text } of patches) await write(join(patched, file), text);
    const { harness: config, signal } = options;
    const project = await openProject({ root: patched, name: "fixed", world, config, signal });
    try {
      const tests = await testsOf(project, original);
      const verify = await running(site, project, ({ target }) =>
        verifyFindings(
          target,
          repaired,
          (result) => emit({ type: "verified", result }),
          (event) => emit({ type: "scan", event }),
        ),
      );
      return { fix: { ...fix, ...(tests.length > 0 ? { tests } : {}) }, kinds, reasons, verify };
    } finally {
      await project.stop();
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof StepFailed)) throw error;
    const { step, message, lines, hint } = error;
    return { fix: { ...fix, failed: { step, reason: message, lines, hint } }, kinds, reasons };
  }
}

/** Text fixes of the gaps in the source, and views that hold the token where its revocation raced. */
async function makeFixes(root: string, report: Report, documented: Documented): Promise<Made | undefined> {
  const exhibits = new Map(report.findings.map((one) => [one.id, exhibitsFor(one, documented.gaps)]));
  const gaps = new Map([...exhibits.values()].flat().map(({ finding }) => [finding.fingerprint, finding]));
  const revocations = report.findings.filter(({ weakness }) => weakness === "revocation-race");
  if (gaps.size === 0 && revocations.length === 0) return undefined;
  const overrides = overridesFor(report, documented);
  const made = await fixProject(root, { findings: [...gaps.values()], overrides });
  const tokens = await holdTokens(
    root,
    revocations.map((one) => namedBy(one.operation, documented)),
    {
      revokers: revokersOf(revocations).map((one) => namedBy(one, documented)),
      patches: made.patches,
    },
  );
  const kindOf = new Map(made.fixed.map(({ finding, kind }) => [finding.fingerprint, kind]));
  const kinds = new Map<string, readonly string[]>();
  const reasons = new Map<string, string>();
  for (const one of report.findings) {
    const own = exhibits.get(one.id) ?? [];
    const isHeld = tokens.held.some(
      ({ operation }) => one.weakness === "revocation-race" && isSameAs(operation, one),
    );
    const found = new Set(own.flatMap(({ finding }) => kindOf.get(finding.fingerprint) ?? []));
    if (isHeld) found.add("atomic-views");
    if (found.size > 0) kinds.set(one.id, [...found]);
    const refused = tokens.unfixed.find(
      ({ operation }) => one.weakness === "revocation-race" && isSameAs(operation, one),
    );
    const unfixed = made.unfixed.find(({ finding }) =>
      own.some((gap) => gap.finding.file === finding.file && gap.finding.line === finding.line),
    );
    const reason = refused?.reason ?? unfixed?.reason;
    if (reason !== undefined) reasons.set(one.id, reason);
  }
  const patches = [
    ...made.patches.filter(({ file }) => !tokens.patches.some((one) => one.file === file)),
    ...tokens.patches,
  ];
  return {
    patches,
    kinds,
    reasons,
    fixed: made.fixed.length + tokens.held.length,
    left: report.findings.filter(({ id }) => !kinds.has(id)).length,
    fix: {
      patches: patches.map(({ file, diff, isNew }) => ({ file, diff, isNew })),
      warnings: [...new Set([...made.fixed.flatMap(({ warnings }) => warnings), ...tokens.warnings])],
      unfixed: made.unfixed.map(({ finding: { rule, file, line }, reason }) => ({
        rule,
        file,
        line,
        reason,
      })),
    },
  };
}

function namedBy({ method, path }: OperationRef, { routes }: Documented): OperationName {
  const route = routeOf({ method, path }, routes);
  return { method, path, ...(route ? { route } : {}) };
}

function isSameAs({ method, path }: OperationName, { operation }: Finding): boolean {
  return operation.method === method && operation.path === path;
}

/** The operations whose acknowledgement came before an effect. */
function revokersOf(findings: readonly Finding[]): OperationRef[] {
  const names = findings
    .flatMap(({ evidence }) => evidence)
    .flatMap((one) => (one.kind === "runtime" && one.form === "history" ? one.history : []))
    .filter(({ does }) => /^revoke\b/.test(does))
    .map(({ operation }) => operation);
  return [...new Set(names)].flatMap((name) => {
    const [method, path] = name.split(" ");
    return method && path ? [{ method, path }] : [];
  });
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
