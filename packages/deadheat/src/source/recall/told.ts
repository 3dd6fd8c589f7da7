import type { Program } from "../effects/program.ts";
import { wayTo } from "../entry.ts";
import type { SourceFinding } from "../finding.ts";
import type { Reported } from "../finding-of.ts";
import type { Numbering } from "./numbering.ts";
import type { RecallingProgram } from "./recalling-program.ts";
import { misreadIn, type RecalledCandidate } from "./recollection.ts";
import type { FunctionNumber, PlaceRecord } from "./record.ts";

/** A finding as it was told. */
export interface ToldRecord {
  /** The candidate, and what became of it among the others. */
  readonly key: string;
  /** The route and the calls that lead to it. */
  readonly way: string;
  readonly finding: SourceFinding;
  readonly isIgnored: boolean;
}

/** What was told of the requests behind one authenticator. */
export interface GapRecord {
  readonly reads: readonly FunctionNumber[];
  readonly calls: readonly FunctionNumber[];
  readonly misread: readonly PlaceRecord[];
  readonly told?: Reported;
}

/** Tells again what was told before, where nothing of what it says has changed. */
export class TellingAgain {
  readonly findings: ToldRecord[] = [];
  readonly gaps: GapRecord[] = [];
  readonly #last: ReadonlyMap<string, ToldRecord>;
  readonly #lastGaps: readonly GapRecord[];
  readonly #numbering: Numbering;
  readonly #isSameFile: (path: string) => boolean;
  readonly #isSame: (fn: FunctionNumber) => boolean;
  #routes: ReadonlyMap<unknown, number> | undefined;

  constructor(
    last: { readonly findings: readonly ToldRecord[]; readonly gaps: readonly GapRecord[] },
    numbering: Numbering,
    isSameFile: (path: string) => boolean,
    isSame: (fn: FunctionNumber) => boolean,
  ) {
    this.#last = new Map(last.findings.map((one) => [`${one.key} ${one.way}`, one]));
    this.#lastGaps = last.gaps;
    this.#numbering = numbering;
    this.#isSameFile = isSameFile;
    this.#isSame = isSame;
  }

  finding(one: RecalledCandidate, program: Program, make: () => Reported): Reported {
    const way = this.wayOf(one, program);
    const { candidate } = one;
    const site = candidate.site ? this.#numbering.placeOf(candidate.site).join(",") : "";
    const key = `${one.key} ${site} ${candidate.severity ?? ""}`;
    const last = one.isAsBefore ? this.#last.get(`${key} ${way}`) : undefined;
    const told = last && this.isOfSameFiles(last.finding) ? last : make();
    this.findings.push({ key, way, finding: told.finding, isIgnored: told.isIgnored });
    return told;
  }

  private wayOf({ candidate }: RecalledCandidate, program: Program): string {
    const way = wayTo(candidate, program);
    if (!way) return "";
    this.#routes ??= new Map(program.routes.map((one, index) => [one, index]));
    const calls = way.calls.map((one) => this.#numbering.placeOf(one).join(","));
    return [this.#routes.get(way.route), ...calls].join(";");
  }

  /** What is said of lines holds for as long as nothing of their files changes. */
  private isOfSameFiles({ file, path }: SourceFinding): boolean {
    return this.#isSameFile(file) && path.every((step) => this.#isSameFile(step.file));
  }

  gap(program: RecallingProgram, group: number, make: () => Reported | undefined): Reported | undefined {
    const last = this.#lastGaps[group];
    if (last && this.holds(program, last)) {
      this.gaps.push(last);
      for (const place of last.misread) {
        const { fn, start, end } = this.#numbering.site(place);
        fn.module.misread.push({ start, end, of: fn.start });
      }
      return last.told;
    }
    return program.traced((trace) => {
      const told = make();
      const numberOf = (fn: Parameters<Numbering["numberOf"]>[0]) => this.#numbering.numberOf(fn);
      this.gaps.push({
        reads: [...trace.reads].map(numberOf),
        calls: [...new Set(trace.calls.map((one) => numberOf(one.fn)))],
        misread: misreadIn([...trace.reads], this.#numbering),
        ...(told ? { told } : {}),
      });
      return told;
    });
  }

  private holds(program: RecallingProgram, { reads, calls, told }: GapRecord): boolean {
    return (
      reads.every((one) => this.#isSame(one)) &&
      (!told || this.isOfSameFiles(told.finding)) &&
      calls.every((one) => program.know(one) && !program.isFresh(one))
    );
  }
}
