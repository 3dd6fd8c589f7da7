import type { SourceFinding } from "../finding.ts";
import type { ClassName, Fixed, Unfixed } from "./project.ts";
import { type Disk, type Proposed, proposeFor } from "./propose.ts";
import { unifiedDiff } from "./text/diff.ts";
import type { State, Workspace } from "./workspace.ts";

interface Options {
  readonly workspace: Workspace;
  readonly texts: ReadonlyMap<string, string>;
  /** Without it, all. */
  readonly isWanted?: ((finding: SourceFinding) => boolean) | undefined;
  readonly isWritable: (file: string) => boolean;
  /** Classes that get a mended method as their own, by the finding's fingerprint. */
  readonly overrides: ReadonlyMap<string, readonly ClassName[]>;
  readonly disk: Disk;
}

export interface Outcome {
  readonly texts: ReadonlyMap<string, string>;
  readonly fixed: readonly Fixed[];
  readonly unfixed: readonly Unfixed[];
  /** Which findings each changed file is about. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
}

/** What was tried for a finding and did not help, with why. */
type Tried = Map<string, Map<string, string>>;

/**
 * Proposes fixes, analyses the project with them, and keeps those whose finding is gone and that bring no new one.
 * A round takes one fix a file, so that a large project is analysed a few times and not once a finding.
 */
export function runRounds({ workspace, texts, isWanted, isWritable, overrides, disk }: Options): Outcome {
  let state = workspace.state(texts);
  const chosen = isWanted && new Set(state.judged.findings.filter(isWanted).map((one) => one.fingerprint));
  // A fix may change the line of another finding, and with it its fingerprint: without a choice, all are meant.
  const wanted = (one: SourceFinding): boolean => chosen?.has(one.fingerprint) ?? true;
  const fixed: Fixed[] = [];
  const touched = new Map<string, string[]>();
  const tried: Tried = new Map();
  const note = ({ finding, fix }: Proposed, reason: string) => noteIn(tried, finding, fix.id, reason);
  const accept = (one: Proposed, next: State, alone: boolean) => {
    const uncovered = addedIn(state, next);
    for (const other of uncovered) chosen?.add(other.fingerprint);
    if (one.isOverride) chosen?.delete(one.finding.fingerprint);
    const also = alone ? goneIn(state, next).filter((other) => other !== one.finding) : [];
    fixed.push({ ...fixedOf(one, state, disk, uncovered), also });
    for (const file of one.texts.keys())
      touched.set(file, [
        ...(touched.get(file) ?? []),
        ...[one.finding, ...also].map((ended) => ended.fingerprint),
      ]);
    state = next;
  };
  for (;;) {
    const proposals = onePerFile(state, { wanted, tried, isWritable, overrides, disk });
    if (proposals.length === 0) break;
    const together = workspace.state(withAll(state.texts, proposals));
    const wrong = proposals.map((one) => whatIsWrong(state, together, one));
    if (wrong.every((one) => one === undefined) && newIn(state, together) === undefined) {
      const before = state;
      for (const one of proposals) {
        state = before;
        accept(one, together, proposals.length === 1);
      }
      continue;
    }
    // One by one: which of them it is that does not help, or that harms another file.
    for (const one of proposals) {
      const alone = proposals.length === 1 ? together : workspace.state(withAll(state.texts, [one]));
      const reason = whatIsWrong(state, alone, one) ?? newIn(state, alone);
      if (reason === undefined) accept(one, alone, true);
      else note(one, reason);
    }
  }
  const left = state.judged.findings.filter(wanted);
  return { texts: state.texts, fixed, touched, unfixed: left.map((one) => unfixedOf(one, tried)) };
}

function onePerFile(
  state: State,
  options: Pick<Options, "isWritable" | "overrides" | "disk"> & {
    readonly wanted: (one: SourceFinding) => boolean;
    readonly tried: Tried;
  },
): Proposed[] {
  const proposals: Proposed[] = [];
  const taken = new Set<string>();
  for (const finding of state.judged.findings) {
    if (!options.wanted(finding) || taken.has(finding.file)) continue;
    const answer = options.isWritable(finding.file)
      ? proposeFor(
          state,
          finding,
          options.disk,
          new Set(options.tried.get(finding.fingerprint)?.keys()),
          options.overrides.get(finding.fingerprint),
        )
      : { refused: new Map([["", `${finding.file} is not valid UTF-8`]]) };
    if ("refused" in answer) {
      for (const [fix, reason] of answer.refused) noteIn(options.tried, finding, fix, reason);
      continue;
    }
    if ([...answer.texts.keys()].some((one) => taken.has(one) || !options.isWritable(one))) continue;
    for (const file of answer.texts.keys()) taken.add(file);
    proposals.push(answer);
  }
  return proposals;
}

function noteIn(tried: Tried, finding: SourceFinding, fix: string, reason: string): void {
  const known = tried.get(finding.fingerprint) ?? new Map<string, string>();
  known.set(fix, reason);
  tried.set(finding.fingerprint, known);
}

function withAll(texts: ReadonlyMap<string, string>, proposals: readonly Proposed[]): Map<string, string> {
  const all = new Map(texts);
  for (const one of proposals) for (const [file, text] of one.texts) all.set(file, text);
  return all;
}

/**
 * A finding is told by its function and the line that it is about, not by its number and not by its rule: where one
 * of two rows is locked, what was "no lock" for the other becomes "a lock on another row".
 */
function placeOf({ file, path, line, function: name }: SourceFinding): string {
  const own = path.findLast((one) => one.file === file && one.line === line);
  return `${name}\0${file}\0${own?.text.trim() ?? line}`;
}

function countsOf(state: State): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of state.judged.findings) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + 1);
  return counts;
}

function whatIsWrong(
  before: State,
  after: State,
  { finding, fix, texts, isOverride }: Proposed,
): string | undefined {
  for (const file of texts.keys())
    if (after.broken.has(file) && !before.broken.has(file)) return `${fix.title}: does not parse there`;
  const place = placeOf(finding);
  const [was, is] = [countsOf(before).get(place) ?? 0, countsOf(after).get(place) ?? 0];
  if (is < was || (isOverride && is === was)) return undefined;
  const left = after.judged.findings.find((one) => placeOf(one) === place);
  return `${fix.title}: would leave ${left?.rule ?? finding.rule}`;
}

/** Harm that a lock in the wrong place does elsewhere. */
const HARMS = new Set(["lock-order", "lock-outside-atomic"]);

function addedIn(before: State, after: State): SourceFinding[] {
  const known = countsOf(before);
  const counts = countsOf(after);
  return after.judged.findings.filter(
    (one) => (counts.get(placeOf(one)) ?? 0) > (known.get(placeOf(one)) ?? 0),
  );
}

function goneIn(before: State, after: State): SourceFinding[] {
  const counts = countsOf(after);
  const known = countsOf(before);
  return before.judged.findings.filter(
    (one) => (counts.get(placeOf(one)) ?? 0) < (known.get(placeOf(one)) ?? 0),
  );
}

/**
 * A finding that was not there, in a function that was changed, or of a kind that a lock brings about. One in a
 * function that is as it was stood behind the one that is gone: it is uncovered, not brought.
 */
function newIn(before: State, after: State): string | undefined {
  const added = addedIn(before, after).find(
    (one) => HARMS.has(one.rule) || textOf(before, one) !== textOf(after, one),
  );
  return added && `a fix would bring ${added.rule} in ${added.function}`;
}

function textOf(state: State, finding: SourceFinding): string | undefined {
  const named =
    state.modules.get(finding.file)?.all.filter((one) => one.qualified === finding.function) ?? [];
  return named.map((one) => one.text()).join("\n");
}

function fixedOf(
  { finding, fix, texts, warnings }: Proposed,
  state: State,
  disk: Disk,
  uncovered: readonly SourceFinding[],
): Omit<Fixed, "also"> {
  const diff = [...texts]
    .map(([file, text]) => unifiedDiff(file, state.texts.get(file) ?? disk.read(file), text))
    .join("");
  return {
    finding,
    kind: fix.id,
    title: fix.title,
    diff,
    warnings: [...warnings, ...uncovered.map(seenNow)],
  };
}

function seenNow({ rule, function: name, file, line }: SourceFinding): string {
  return `${rule} in ${name} (${file}:${line}) stood behind it and shows now.`;
}

/** What only the user can decide. */
const DECISIONS: Readonly<Record<string, string>> = {
  "jwt-unverified": "which key and which algorithms are to be trusted is not written in the source",
  "claim-unchecked": "what is answered to who loses is not written here",
};

function unfixedOf(finding: SourceFinding, tried: Tried): Unfixed {
  const reasons = [...new Set(tried.get(finding.fingerprint)?.values() ?? [])];
  return { finding, reason: reasons.join("; ") || (DECISIONS[finding.rule] ?? "no fix applies here") };
}
