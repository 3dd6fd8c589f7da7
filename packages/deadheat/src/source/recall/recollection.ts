import type { Analysis, Program } from "../effects/program.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { rules } from "../rules/index.ts";
import type { Candidate, SourceRule, Undecided } from "../rules/rule.ts";
import { columnsWritten, tablesLocked, WritersSeen } from "../writers.ts";
import { RememberedEffects, recordOfCandidate } from "./effects.ts";
import type { Numbering } from "./numbering.ts";
import { isAnsweredAlike, NotingWriters } from "./questions.ts";
import { type Call, Misremembered, type Recall, RecallingProgram, type Trace } from "./recalling-program.ts";
import type { CandidateRecord, FunctionRecord, SeenRecord } from "./record.ts";

interface Undecidedly {
  readonly rule: SourceRule;
  readonly one: Candidate | Undecided;
}

/** A candidate, by the function that it was found in. */
export interface RecalledCandidate {
  readonly rule: SourceRule;
  readonly fn: FunctionDefinition;
  readonly candidate: Candidate;
}

/** What is known of functions: from the last run, or from this one. */
export class Recollection implements Recall {
  readonly program: RecallingProgram;
  readonly #numbering: Numbering;
  readonly #acting: ReadonlySet<FunctionDefinition>;
  readonly #last: readonly (FunctionRecord | null)[];
  readonly #isSame: (fn: FunctionDefinition) => boolean;
  readonly #records: (FunctionRecord | null)[];
  readonly #writers = new WritersSeen();
  /** In the order in which they were seen. */
  readonly #order: FunctionDefinition[] = [];
  readonly #undecided = new Map<FunctionDefinition, readonly Undecidedly[]>();

  /** `last`: records of the last run; `isSame`: whether the text of a function is what it was then. */
  constructor(
    program: Program,
    numbering: Numbering,
    acting: ReadonlySet<FunctionDefinition>,
    last: readonly (FunctionRecord | null)[],
    isSame: (fn: FunctionDefinition) => boolean,
  ) {
    this.program = new RecallingProgram(program, this);
    this.#numbering = numbering;
    this.#acting = acting;
    this.#last = last;
    this.#isSame = isSame;
    this.#records = numbering.functions.map(() => null);
  }

  calls(fn: FunctionDefinition): readonly Required<Call>[] | undefined {
    const record = this.#last[this.#numbering.numberOf(fn)];
    if (!record || record.acting !== this.#acting.has(fn) || !this.#isSame(fn)) return undefined;
    if (!record.reads.every((one) => this.#isSame(this.#numbering.fn(one)))) return undefined;
    return record.calls.map(({ fn: called, answered, site }) => ({
      fn: this.#numbering.fn(called),
      answered,
      site: this.#numbering.site(site),
    }));
  }

  recalled(fn: FunctionDefinition): void {
    const number = this.#numbering.numberOf(fn);
    const record = this.#last[number] as FunctionRecord;
    this.#records[number] = record;
    this.#order.push(fn);
    fn.module.misread.push(
      ...record.misread.map(([start, end]) => ({ start: fn.start + start, end: fn.start + end })),
    );
    this.#writers.add(
      fn,
      record.columns.map((one) => ({ ...one, site: this.#numbering.site(one.site) })),
      record.pairs.map((one) => ({ ...one, site: this.#numbering.site(one.site) })),
    );
  }

  analysed(analysis: Analysis, trace: Trace): void {
    const { fn } = analysis;
    const isActing = this.#acting.has(fn);
    const written = isActing ? columnsWritten(analysis) : [];
    const locked = isActing ? tablesLocked(analysis) : [];
    this.#writers.add(fn, written, locked);
    this.#order.push(fn);
    const found = isActing ? foundIn(this.program, analysis) : [];
    if (found.some(({ one }) => "decide" in one)) this.#undecided.set(fn, found);
    this.#records[this.#numbering.numberOf(fn)] = {
      acting: isActing,
      calls: trace.calls.map((one) => this.callRecord(one)),
      reads: [...trace.reads].map((one) => this.#numbering.numberOf(one)),
      taken: trace.taken.map((one) => [this.#numbering.numberOf(one.fn), one.seq]),
      seen: found.flatMap(({ rule, one }): SeenRecord[] =>
        "decide" in one
          ? [{ rule: rule.id, asked: [] }]
          : [{ rule: rule.id, candidate: recordOfCandidate(this.#numbering, one) }],
      ),
      columns: written.map((one) => ({ ...one, site: this.#numbering.placeOf(one.site) })),
      pairs: locked.map((one) => ({ ...one, site: this.#numbering.placeOf(one.site) })),
      misread: fn.module.misread
        .filter((one) => one.start >= fn.start && one.end <= fn.end)
        .map(({ start, end }) => [start - fn.start, end - fn.start]),
    };
  }

  private callRecord({ fn, answered, site }: Call): FunctionRecord["calls"][number] {
    if (!site) throw new Misremembered();
    return { fn: this.#numbering.numberOf(fn), answered, site: this.#numbering.placeOf(site) };
  }

  /** All candidates, once all functions have been seen, in the order in which a cold run sees them. */
  candidates(): RecalledCandidate[] {
    const effects = new RememberedEffects(this.#numbering);
    const found = this.#order.flatMap((fn) =>
      this.decided(fn).flatMap(({ rule, candidate }) => {
        const known = rules.find((one) => one.id === rule);
        if (!known) throw new Misremembered();
        return candidate ? [{ rule: known, fn, candidate: effects.candidate(candidate) }] : [];
      }),
    );
    for (const record of this.#records) for (const one of record?.taken ?? []) effects.take(one);
    return found;
  }

  /** What was seen in `fn`, with what depends on other functions decided by those of today. */
  private decided(fn: FunctionDefinition): readonly SeenRecord[] {
    const number = this.#numbering.numberOf(fn);
    const record = this.#records[number] as FunctionRecord;
    const isAlike = (one: SeenRecord) =>
      !one.asked || isAnsweredAlike(one.asked, this.#writers, this.#numbering);
    if (!this.#undecided.has(fn) && record.seen.every(isAlike)) return record.seen;
    const found = this.#undecided.get(fn) ?? foundIn(this.program, this.program.again(fn));
    const seen = found.map(({ rule, one }) => this.decide(rule, one));
    this.#records[number] = { ...record, seen };
    return seen;
  }

  private decide(rule: SourceRule, one: Candidate | Undecided): SeenRecord {
    const noting = new NotingWriters(this.#writers, this.#numbering);
    const candidate = "decide" in one ? one.decide(noting) : one;
    const kept: { candidate?: CandidateRecord } = candidate
      ? { candidate: recordOfCandidate(this.#numbering, candidate) }
      : {};
    return { rule: rule.id, ...("decide" in one ? { asked: noting.asked } : {}), ...kept };
  }

  /** For the next run; complete once `candidates` has been asked. */
  records(): readonly (FunctionRecord | null)[] {
    return this.#records;
  }
}

/** What the rules say of one function. */
export function foundIn(program: Program, analysis: Analysis): Undecidedly[] {
  // Every rule is about an effect; most functions have none.
  if (analysis.effects.length === 0) return [];
  const context = { program, analysis, effects: analysis.effects, guards: analysis.guards };
  return rules.flatMap((rule) => [...rule.find(context)].map((one) => ({ rule, one })));
}
