import type { Analysis, Program } from "../effects/program.ts";
import { type FoundByRule, foundIn } from "../found-in.ts";
import { type FunctionDefinition, observeReads } from "../project/definitions.ts";
import { rules } from "../rules/index.ts";
import type { Candidate, SourceRule, Undecided } from "../rules/rule.ts";
import { columnsWritten, tableUses, WritersSeen } from "../writers.ts";
import { RememberedEffects, recordOfCandidate } from "./effects.ts";
import { type CallList, FunctionRecords } from "./function-records.ts";
import { Misremembered } from "./misremembered.ts";
import type { Numbering } from "./numbering.ts";
import { isAnsweredAlike, NotingWriters } from "./questions.ts";
import { type Call, type Recall, RecallingProgram, type Trace } from "./recalling-program.ts";
import type { CallRecord, FunctionNumber, FunctionWords, PlaceRecord, SeenRecord } from "./record.ts";
import type { Sections } from "./sections.ts";

/** A candidate, by the function that it was found in. */
export interface RecalledCandidate {
  readonly rule: SourceRule;
  readonly fn: FunctionDefinition;
  readonly candidate: Candidate;
  /** Where it is kept. */
  readonly key: string;
  /** Kept as it was in the last run. */
  readonly isAsBefore: boolean;
}

const NO_WORDS: FunctionWords = { seen: [], columns: [], uses: [], misread: [] };

/** What the last run left: nothing at first. */
export interface Memory {
  readonly sections?: Sections;
  /** Path of the file in which summaries are. */
  readonly summaries: string;
}

/** What is known of functions: from the last run, or from this one. */
export class Recollection implements Recall {
  readonly program: RecallingProgram;
  readonly #numbering: Numbering;
  readonly #acting: Uint8Array;
  readonly #records: FunctionRecords;
  readonly #isSame: (fn: FunctionNumber) => boolean;
  readonly #writers = new WritersSeen();
  /** In the order in which they were seen. */
  readonly #order: FunctionNumber[] = [];
  readonly #undecided = new Map<FunctionNumber, readonly FoundByRule[]>();
  /** Functions of which something depended on others that are not what they were. */
  readonly #redecided = new Set<FunctionNumber>();
  /** Models that were written, and uses of tables, by what was looked at again, then or now. */
  readonly #stirred = new Set<string>();

  /** `isSame`: whether the text of a function is what it was then. */
  constructor(
    program: Program,
    numbering: Numbering,
    acting: Iterable<FunctionNumber>,
    memory: Memory,
    isSame: (fn: FunctionNumber) => boolean,
  ) {
    this.#numbering = numbering;
    this.#acting = new Uint8Array(numbering.size);
    for (const fn of acting) this.#acting[fn] = 1;
    this.#records = new FunctionRecords(numbering.size, memory.sections);
    this.#isSame = isSame;
    this.program = new RecallingProgram(program, numbering, this, memory);
  }

  calls(fn: FunctionNumber): CallList | undefined {
    const records = this.#records;
    if (!records.has(fn) || records.isActing(fn) !== (this.#acting[fn] === 1) || !this.#isSame(fn))
      return undefined;
    for (const one of records.readsOf(fn)) if (!this.#isSame(one)) return undefined;
    return records.callsOf(fn);
  }

  recalled(fn: FunctionNumber): void {
    this.#order.push(fn);
  }

  analysed(analysis: Analysis, trace: Trace): void {
    const { fn } = analysis;
    const number = this.#numbering.numberOf(fn);
    if (this.#records.has(number)) this.stir(this.#records.words(number));
    const isActing = this.#acting[number] === 1;
    const written = isActing ? columnsWritten(analysis) : [];
    const uses = isActing ? tableUses(analysis) : [];
    this.#order.push(number);
    const found = isActing ? foundIn(this.program, analysis) : [];
    if (found.some(({ one }) => "decide" in one)) this.#undecided.set(number, found);
    const words: FunctionWords = {
      seen: found.flatMap(({ rule, one }): SeenRecord[] =>
        "decide" in one
          ? [{ rule: rule.id, asked: [] }]
          : [{ rule: rule.id, candidate: recordOfCandidate(this.#numbering, one) }],
      ),
      columns: written.map((one) => ({ ...one, site: this.#numbering.placeOf(one.site) })),
      uses: uses.map((one) => ({ ...one, site: this.#numbering.placeOf(one.site) })),
      misread: misreadIn([fn, ...trace.reads], this.#numbering),
    };
    this.stir(words);
    this.#records.set(number, {
      acting: isActing,
      calls: trace.calls.map((one) => this.callRecord(one)),
      reads: [...trace.reads].map((one) => this.#numbering.numberOf(one)),
      taken: trace.taken.map((one) => [this.#numbering.numberOf(one.fn), one.seq]),
      ...(Object.values(words).some((list) => list.length > 0) ? { words } : {}),
    });
  }

  private stir(words: FunctionWords | undefined): void {
    for (const { model } of words?.columns ?? []) this.#stirred.add(model);
    for (const { use } of words?.uses ?? []) this.#stirred.add(use);
  }

  private callRecord({ fn, answered, site }: Call): CallRecord {
    if (!site) throw new Misremembered();
    return { fn: this.#numbering.numberOf(fn), answered, site: this.#numbering.placeOf(site) };
  }

  /** All candidates, once all functions have been seen, in the order in which a cold run sees them. */
  candidates(): RecalledCandidate[] {
    const effects = new RememberedEffects(this.#numbering);
    const telling = this.#order.flatMap((fn) => {
      const words = this.#records.hasWords(fn) ? this.#records.words(fn) : undefined;
      return words || this.#undecided.has(fn) ? [{ fn, words: words ?? NO_WORDS }] : [];
    });
    for (const { fn, words } of telling) this.tell(fn, words);
    const found = telling.flatMap(({ fn: number, words }) =>
      this.decided(number, words).flatMap(({ rule, candidate }, index): RecalledCandidate[] => {
        const known = rules.find((one) => one.id === rule);
        if (!known) throw new Misremembered();
        if (!candidate) return [];
        const fn = this.#numbering.fn(number);
        const isAsBefore = !this.program.isFresh(number) && !this.#redecided.has(number);
        const key = `${number} ${index}`;
        return [{ rule: known, fn, candidate: effects.candidate(candidate), key, isAsBefore }];
      }),
    );
    for (const fn of this.#order) {
      const taken = this.#records.takenBy(fn);
      for (let at = 0; at < taken.length; at += 2) effects.take(taken[at]!, taken[at + 1]!);
    }
    return found;
  }

  /** Others are told of what `fn` writes and does with tables, and of what was not understood of it. */
  private tell(fn: FunctionNumber, { columns, uses, misread }: FunctionWords): void {
    const site = (place: PlaceRecord) => this.#numbering.site(place);
    if (columns.length > 0 || uses.length > 0)
      this.#writers.add(
        this.#numbering.fn(fn),
        columns.map((one) => ({ ...one, site: site(one.site) })),
        uses.map((one) => ({ ...one, site: site(one.site) })),
      );
    for (const place of misread) {
      const { fn: of, start, end } = site(place);
      of.module.misread.push({ start, end, of: of.start });
    }
  }

  /** What was seen in `fn`, with what depends on other functions decided by those of today. */
  private decided(fn: FunctionNumber, words: FunctionWords): readonly SeenRecord[] {
    const known = this.#undecided.get(fn);
    if (!known && words.seen.every((one) => this.isAlike(one))) return words.seen;
    this.#redecided.add(fn);
    const found = known ?? foundIn(this.program, this.program.again(this.#numbering.fn(fn)));
    const seen = found.map(({ rule, one }) => this.decide(rule, one));
    this.#records.setWords(fn, { ...words, seen });
    return seen;
  }

  private isAlike({ asked, reads }: SeenRecord): boolean {
    if (!asked) return true;
    if (!(reads ?? []).every((one) => this.#isSame(one))) return false;
    const isStirred = asked.some(({ about: [about] }) => this.#stirred.has(about as string));
    return !isStirred || isAnsweredAlike(asked, this.#writers, this.#numbering);
  }

  private decide(rule: SourceRule, one: Candidate | Undecided): SeenRecord {
    if (!("decide" in one)) return { rule: rule.id, candidate: recordOfCandidate(this.#numbering, one) };
    const noting = new NotingWriters(this.#writers, this.#numbering);
    const reads = new Set<FunctionNumber>();
    const candidate = observeReads(
      (fn) => reads.add(this.#numbering.numberOf(fn)),
      () => one.decide(noting),
    );
    return {
      rule: rule.id,
      asked: noting.asked,
      ...(reads.size > 0 ? { reads: [...reads] } : {}),
      ...(candidate ? { candidate: recordOfCandidate(this.#numbering, candidate) } : {}),
    };
  }

  /** For the next run; complete once `candidates` has been asked. */
  sections(): Readonly<Record<string, unknown>> {
    const seen = new Uint8Array(this.#numbering.size);
    for (const fn of this.#order) seen[fn] = 1;
    const isKnown = (fn: FunctionNumber) => seen[fn] === 1;
    return { ...this.#records.sections(isKnown), ...this.program.summaries(isKnown) };
  }

  /** There is nothing for the next run. */
  discard(): void {
    this.program.discard();
  }
}

/** What was not understood of the texts of these. */
export function misreadIn(fns: readonly FunctionDefinition[], numbering: Numbering): PlaceRecord[] {
  return fns.flatMap((fn) =>
    fn.module.misread
      .filter((one) => one.of === fn.start)
      .map(({ start, end }) => numbering.placeOf({ fn, start, end })),
  );
}
