import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FixSummary } from "../../findings/prove-report.ts";
import type { Report } from "../../findings/report.ts";
import type { VerifyResult } from "../../findings/verify-report.ts";
import { copyProject, openProject, StepFailed } from "../../harness/index.ts";
import { type FixReport, fixProject } from "../../source/index.ts";
import { verifyFindings } from "../verify.ts";
import { exhibitsFor } from "./correlate.ts";
import { running, type Site } from "./running.ts";

/** A gap in the source that a fix ended, by its fingerprint. */
export interface FixedGap {
  readonly fingerprint: string;
  readonly kind: string;
}

export interface Repaired {
  readonly fix?: FixSummary;
  readonly fixed?: readonly FixedGap[];
  readonly verify?: readonly VerifyResult[];
}

/** Fixes what was proven in a copy of the project, starts that, and runs the proofs there again. */
export async function repair(site: Site, report: Report): Promise<Repaired> {
  const { options, world, documented, emit } = site;
  const { clock, root } = options;
  const began = clock.now();
  const exhibits = new Map(report.findings.map((one) => [one.id, exhibitsFor(one, documented.gaps)]));
  const gaps = new Map([...exhibits.values()].flat().map(({ finding }) => [finding.fingerprint, finding]));
  if (gaps.size === 0) return {};
  const made = await fixProject(root, { findings: [...gaps.values()] });
  const fixed = made.fixed.map(({ finding, kind }) => ({ fingerprint: finding.fingerprint, kind }));
  const summary = summaryOf(made);
  const ms = clock.now() - began;
  emit({ type: "fixed", files: made.patches.length, gaps: fixed.length, left: made.unfixed.length, ms });
  if (made.patches.length === 0) return { fix: summary, fixed };
  const done = new Set(fixed.map(({ fingerprint }) => fingerprint));
  const repaired = report.findings.filter((one) =>
    exhibits.get(one.id)?.some(({ finding }) => done.has(finding.fingerprint)),
  );
  try {
    const patched = join(world.home, "patched");
    await copyProject(root, patched);
    for (const { file, text } of made.patches) await write(join(patched, file), text);
    const { harness: config, signal } = options;
    const project = await openProject({ root: patched, name: "fixed", world, config, signal });
    try {
      const verify = await running(site, project, ({ target }) =>
        verifyFindings(
          target,
          repaired,
          (result) => emit({ type: "verified", result }),
          (event) => emit({ type: "scan", event }),
        ),
      );
      return { fix: summary, fixed, verify };
    } finally {
      await project.stop();
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof StepFailed)) throw error;
    const { step, message, lines, hint } = error;
    return { fix: { ...summary, failed: { step, reason: message, lines, hint } }, fixed };
  }
}

function summaryOf({ patches, fixed, unfixed }: FixReport): FixSummary {
  return {
    patches: patches.map(({ file, diff, isNew }) => ({ file, diff, isNew })),
    warnings: [...new Set(fixed.flatMap(({ warnings }) => warnings))],
    unfixed: unfixed.map(({ finding: { rule, file, line }, reason }) => ({ rule, file, line, reason })),
  };
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
