import { createHash } from "node:crypto";
import type { Program } from "./effects/program.ts";
import type { Site } from "./effects/values.ts";
import { entryOf } from "./entry.ts";
import type { FindingStep, SourceFinding } from "./finding.ts";
import { isIgnored } from "./ignore.ts";
import { type Seen, severityOf } from "./seen.ts";

/** A finding, and whether a comment says to leave it out. */
export interface Reported {
  readonly finding: SourceFinding;
  readonly isIgnored: boolean;
}

export function reportedOf(one: Seen, program: Program): Reported {
  const finding = findingOf(one, program);
  return { finding, isIgnored: isIgnored(finding, program) };
}

function findingOf(found: Seen, program: Program): SourceFinding {
  const { rule, candidate } = found;
  const site = candidate.site ?? candidate.at.site;
  const { module } = site.fn;
  const entry = entryOf(candidate, program);
  const own = candidate.path.map(
    (step): FindingStep => ({
      ...placeOf(step.site),
      role: step.role,
      ...(step.note ? { note: step.note } : {}),
    }),
  );
  const path = [...entry.steps, ...own];
  const line = module.source.lineAt(site.start);
  const text = module.source.line(line);
  const fingerprint = createHash("sha256")
    .update([rule.id, module.path, site.fn.qualified, text].join("\0"))
    .digest("hex")
    .slice(0, 16);
  return {
    rule: rule.id,
    weakness: rule.weakness,
    severity: severityOf(found),
    confidence: candidate.confidence ?? "medium",
    file: module.path,
    line,
    endLine: module.source.lineAt(Math.max(site.start, site.end - 1)),
    function: site.fn.qualified,
    path,
    fixable: candidate.fixable ?? false,
    title: rule.title,
    message: candidate.message,
    because: candidate.because,
    interleaving: candidate.interleaving ?? interleavingOf(own),
    fix: rule.fix,
    fingerprint,
    ...(entry.route ? { route: entry.route } : {}),
    ...(entry.operation ? { operation: entry.operation } : {}),
  };
}

function placeOf(site: Site): Omit<FindingStep, "role"> {
  const { module } = site.fn;
  const line = module.source.lineAt(site.start);
  return { file: module.path, line, text: module.source.line(line), function: site.fn.qualified };
}

/** Both read, both test, then both write: the order that breaks it. */
function interleavingOf(path: readonly FindingStep[]): string[] {
  const read = path.filter((one) => one.role === "read" || one.role === "test").at(-1);
  const write = path.filter((one) => one.role === "write").at(-1);
  if (!read || !write) return [];
  const at = (step: FindingStep) => `${step.file}:${step.line}`;
  return [
    `A ${read.role === "test" ? "tests" : "reads"}   ${at(read)}`,
    `B ${read.role === "test" ? "tests" : "reads"}   ${at(read)}: the same answer`,
    `A writes  ${at(write)}`,
    `B writes  ${at(write)}: from what it saw before A wrote`,
  ];
}
