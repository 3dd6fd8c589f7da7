import { createHash } from "node:crypto";
import { Runners } from "./by-hand.ts";
import type { Analysis, Program } from "./effects/program.ts";
import type { Site } from "./effects/values.ts";
import { entryOf } from "./entry.ts";
import type { FindingStep, Partial, SourceFinding } from "./finding.ts";
import { foundIn } from "./found-in.ts";
import { isIgnored } from "./ignore.ts";
import { withoutHeldInRequest } from "./in-request.ts";
import { unprotected } from "./left-open.ts";
import type { FunctionDefinition } from "./project/definitions.ts";
import { functionsThatAct } from "./project/reach.ts";
import type { RecalledCandidate, Recollection } from "./recall/recollection.ts";
import { rules } from "./rules/index.ts";
import type { Candidate, Severity, SourceRule, Undecided } from "./rules/rule.ts";
import { columnsWritten, tableUses, WritersSeen } from "./writers.ts";

/** A finding as the rule that made it sees it. */
export interface Found extends Seen {
  readonly analysis: Analysis;
}

export interface Seen {
  readonly rule: SourceRule;
  readonly candidate: Candidate;
  /** In whose analysis it was found. */
  readonly fn: FunctionDefinition;
}

const RANK: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2, info: 3 };

export interface Verdicts {
  readonly findings: readonly SourceFinding[];
  readonly ignored: number;
  readonly partial: readonly Partial[];
}

export interface Judged<S extends Seen = Found> extends Verdicts {
  /** What each finding was made from: for fixes. */
  readonly behind: ReadonlyMap<SourceFinding, S>;
}

/** Only what is needed of an analysis once its function has been seen: else a large project does not fit. */
const SEEN: Pick<Analysis, "effects" | "guards"> = { effects: [], guards: [] };

/**
 * Runs all rules over all functions, each as soon as it is analysed, and keeps what no caller protects. Who writes
 * fixes needs whole analyses (`keep`).
 */
export function judge(program: Program, options: { readonly keep?: boolean } = {}): Judged {
  const acting = functionsThatAct(program.project);
  const writers = new WritersSeen();
  const seen: (Omit<Found, "candidate"> & { readonly one: Candidate | Undecided })[] = [];
  program.watch((analysis) => {
    if (!acting.has(analysis.fn)) return false;
    const { fn } = analysis;
    writers.add(fn, columnsWritten(analysis), tableUses(analysis));
    const kept = options.keep ? analysis : { fn, summary: analysis.summary, ...SEEN };
    const found = foundIn(program, analysis);
    for (const one of found) seen.push({ ...one, fn, analysis: kept });
    return found.length > 0;
  });
  const partial = [...acting].flatMap(
    (fn) =>
      attempt(
        () => fn,
        () => program.summary(fn),
      ) ?? [],
  );
  const found = seen.flatMap(({ one, ...from }) => {
    const candidate = "decide" in one ? one.decide(writers) : one;
    return candidate ? [{ ...from, candidate }] : [];
  });
  return concluded(found, program, partial);
}

/** The same from what an earlier run left: functions are analysed where that does not hold any more. */
export function judgeByMemory(
  recollection: Recollection,
  acting: Iterable<number>,
  fnOf: (fn: number) => FunctionDefinition,
  told: Told<RecalledCandidate>,
): Judged<RecalledCandidate> {
  const { program } = recollection;
  const partial: Partial[] = [];
  for (const fn of acting) {
    const failed = attempt(
      () => fnOf(fn),
      () => program.know(fn),
    );
    if (failed) partial.push(failed);
  }
  return concluded(recollection.candidates(), program, partial, told);
}

/** A finding, and whether a comment says to leave it out. */
export interface Reported {
  readonly finding: SourceFinding;
  readonly isIgnored: boolean;
}

/** Tells of what was seen; who remembers how it was told may tell it again (`make` does it anew). */
export type Told<S> = (one: S, program: Program, make: () => Reported) => Reported;

function concluded<S extends Seen>(
  found: readonly S[],
  program: Program,
  partial: readonly Partial[],
  told: Told<S> = (_one, _program, make) => make(),
): Judged<S> {
  const ignored = new Set<SourceFinding>();
  const behind = new Map<SourceFinding, S>();
  const open = withoutHeldInRequest(unprotected(inOrder(found)), program);
  const louder = quietByHand(withCallers(open), program);
  for (const one of onceLoud(onceARow(onePerWrite(louder)))) {
    const { finding, isIgnored } = told(one, program, () => reportedOf(one, program));
    behind.set(finding, one);
    if (isIgnored) ignored.add(finding);
  }
  const reported = [...behind.keys()];
  const kept = reported.filter((one) => !ignored.has(one));
  kept.sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
  );
  return { findings: kept, ignored: reported.length - kept.length, partial, behind };
}

/** In the order of the sources and of the rules, whatever was analysed first. */
function inOrder<S extends Seen>(found: readonly S[]): S[] {
  const key = ({ fn }: Seen) => fn.module.path;
  const place = new Map(rules.map((rule, index) => [rule, index]));
  return [...found].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    if (one !== other) return one < other ? -1 : 1;
    const between = a.fn.start - b.fn.start;
    return between || place.get(a.rule)! - place.get(b.rule)!;
  });
}

function attempt(of: () => FunctionDefinition, analyse: () => unknown): Partial | undefined {
  try {
    analyse();
    return undefined;
  } catch (error) {
    // One function that defeats the analysis must not hide the findings in all others.
    if (!(error instanceof RangeError)) throw error;
    const fn = of();
    return {
      file: fn.module.path,
      reason: `partially analysed: ${fn.qualified} is nested too deeply`,
    };
  }
}

/**
 * What comes together only in a caller is said of the caller. The function that writes, where it may have to be
 * mended, is named quietly: it is the same gap. (Not where nothing that it knows could tell it.)
 */
function withCallers<S extends Seen>(found: readonly S[]): S[] {
  return found.flatMap((one) => {
    const { candidate } = one;
    const [call] = candidate.at.trail;
    if (!call || !candidate.apart || candidate.site) return [one];
    const here = { ...one, candidate: { ...candidate, site: call } };
    if (candidate.own) return [here];
    return [here, { ...one, candidate: { ...candidate, severity: "low" } }];
  });
}

/** One lock on a row ends all that is wrong with it in a function: the most severe of several is told loudly. */
function onceARow<S extends Seen>(found: readonly S[]): S[] {
  const loudest = new Map<string, S>();
  const keyOf = ({ candidate: { at, row, site } }: S) => {
    const { fn } = site ?? at.site;
    return row === undefined ? undefined : `${fn.module.path}:${fn.start}:${row}`;
  };
  for (const one of found) {
    const key = keyOf(one);
    const known = key === undefined ? undefined : loudest.get(key);
    if (key !== undefined && (!known || RANK[severityOf(one)] < RANK[severityOf(known)]))
      loudest.set(key, one);
  }
  return found.map((one) => {
    const key = keyOf(one);
    return key === undefined || loudest.get(key) === one || RANK[severityOf(one)] >= RANK.low
      ? one
      : quiet(one);
  });
}

/** Several rules at one write: the most severe says it; of equals, the first in the list of rules. */
function onePerWrite<S extends Seen>(found: readonly S[]): S[] {
  const best = new Map<string, S>();
  for (const one of found) {
    const site = one.candidate.at.site;
    const where = one.candidate.site ?? site;
    const key = `${where.fn.module.path}:${where.fn.start}:${site.fn.module.path}:${site.start}`;
    const known = best.get(key);
    if (!known || RANK[severityOf(one)] < RANK[severityOf(known)]) best.set(key, one);
  }
  const said = new Map<string, S>();
  for (const one of best.values()) {
    const where = one.candidate.site ?? one.candidate.at.site;
    // One place for two writes is one thing to say.
    const about = one.candidate.about ?? `at ${where.start}`;
    const key = `${one.rule.id}:${where.fn.module.path}:${where.fn.start}:${about}`;
    const known = said.get(key);
    if (!known || RANK[severityOf(one)] < RANK[severityOf(known)]) said.set(key, one);
  }
  return [...said.values()];
}

/**
 * Many that test before the same write: one of them is told loudly (the one that writes, if it tests as well), where
 * that is mended the others are most often mended with it. All of them are named.
 */
function onceLoud<S extends Seen>(found: readonly S[]): S[] {
  const loudest = new Map<string, S>();
  const keyOf = ({ rule, candidate: { at, site } }: S) =>
    // Whose transaction it is that an effect leaves before its end, is each caller's own matter.
    (site || at.trail.length === 0) && rule.id !== "effect-before-commit"
      ? `${rule.id}:${at.site.fn.module.path}:${at.site.start}`
      : undefined;
  for (const one of found) {
    const key = keyOf(one);
    const known = key === undefined ? undefined : loudest.get(key);
    if (key !== undefined && (!known || isNearer(one, known))) loudest.set(key, one);
  }
  return found.map((one) => {
    const key = keyOf(one);
    if (key === undefined || loudest.get(key) === one || one.candidate.at.trail.length === 0) return one;
    return quiet(one);
  });
}

function isNearer(one: Seen, other: Seen): boolean {
  const [a, b] = [RANK[severityOf(one)], RANK[severityOf(other)]];
  return a === b ? one.candidate.at.trail.length < other.candidate.at.trail.length : a < b;
}

/** A command that loops is a worker, and of those several run: these rules are about what two of them do. */
const OF_WORKERS = new Set([
  "check-then-act",
  "claim-unchecked",
  "read-modify-write",
  "python-counter",
  "next-free-value",
]);

/** What only a command or a migration does, nobody does twice at once. */
function quietByHand<S extends Seen>(found: readonly S[], program: Program): S[] {
  const runners = new Runners(program);
  return found.map((one) => {
    if (RANK[severityOf(one)] >= RANK.low) return one;
    const runner = runners.of((one.candidate.site ?? one.candidate.at.site).fn);
    if (runner === "requests" || (runner === "worker" && OF_WORKERS.has(one.rule.id))) return one;
    return quiet(one);
  });
}

function quiet<S extends Seen>(one: S): S {
  return { ...one, candidate: { ...one.candidate, severity: "low" } };
}

function severityOf({ rule, candidate }: Seen): Severity {
  return candidate.severity ?? rule.severity;
}

function reportedOf(one: Seen, program: Program): Reported {
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
