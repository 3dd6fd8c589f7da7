import type { Analysis, Program } from "./effects/program.ts";
import type { Partial, SourceFinding } from "./finding.ts";
import { type Reported, reportedOf } from "./finding-of.ts";
import { foundIn } from "./found-in.ts";
import { withoutHeldInRequest } from "./in-request.ts";
import { unprotected } from "./left-open.ts";
import { onceARow, onceLoud, onePerWrite, quietByHand, withCallers } from "./loudness.ts";
import type { FunctionDefinition } from "./project/definitions.ts";
import { functionsThatAct } from "./project/reach.ts";
import type { RecalledCandidate, Recollection } from "./recall/recollection.ts";
import { rules } from "./rules/index.ts";
import type { Candidate, Undecided } from "./rules/rule.ts";
import { type Found, RANK, type Seen } from "./seen.ts";
import { withoutUnseenCallers } from "./unseen-callers.ts";
import { columnsWritten, tableUses, WritersSeen } from "./writers.ts";

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
  const open = withoutUnseenCallers(withoutHeldInRequest(unprotected(inOrder(found)), program), program);
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
