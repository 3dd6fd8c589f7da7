import { analyse } from "../effects/analyse.ts";
import { type Analysis, DEEPEST_CALL, MOST_CALLS, Program, type Summary } from "../effects/program.ts";
import type { Site } from "../effects/values.ts";
import { type FunctionDefinition, observeReads } from "../project/definitions.ts";
import type { CallList } from "./function-records.ts";
import { Misremembered } from "./misremembered.ts";
import type { Numbering } from "./numbering.ts";
import type { FunctionNumber } from "./record.ts";
import type { Sections } from "./sections.ts";
import { Summaries } from "./summaries.ts";

export interface Call {
  readonly fn: FunctionDefinition;
  readonly answered: boolean;
  site?: Site;
}

/** What the analysis of one function asked of others. */
export interface Trace {
  readonly calls: Call[];
  readonly reads: Set<FunctionDefinition>;
  readonly taken: { readonly fn: FunctionDefinition; readonly seq: number }[];
}

/** What an earlier run knew. */
export interface Recall {
  /** The calls of `fn`, where its text and whatever else its analysis looked at is what it was; called functions aside. */
  calls(fn: FunctionNumber): CallList | undefined;
  /** `fn` has been analysed. */
  analysed(analysis: Analysis, trace: Trace): void;
  /** All that `fn` called is what it was as well: what it did is known. */
  recalled(fn: FunctionNumber): void;
}

interface Frame {
  readonly trace?: Trace;
  /** The calls of the earlier run, one after the other. */
  readonly script?: CallList;
  at: number;
}

const RUNNING = 1;
const KNOWN = 2;

/**
 * A program that goes the way of a cold run, call by call and in the same order, but analyses a function only where
 * its text, or what it called, is not what it was. What a recursion or a nesting too deep leaves out depends on that
 * order: hence a run from memory leaves out the same.
 */
export class RecallingProgram extends Program {
  readonly #recall: Recall;
  readonly #numbering: Numbering;
  readonly #state: Uint8Array;
  readonly #summaries = new Map<FunctionDefinition, Summary>();
  readonly #kept: Summaries;
  readonly #isFirst: boolean;
  /** Analysed in this run: whoever called it before may have been told something else. */
  readonly #fresh: Uint8Array;
  readonly #frames: Frame[] = [];
  /** By the function: places that it is called from, four numbers each. */
  readonly #callers: (number[] | undefined)[];
  #depth = 0;

  constructor(
    parts: Pick<Program, "project" | "models" | "settings" | "routes">,
    numbering: Numbering,
    recall: Recall,
    memory: { readonly sections?: Sections; readonly summaries: string },
  ) {
    super(parts.project, parts.models, parts.settings, parts.routes);
    this.#recall = recall;
    const summaryOf = (fn: FunctionNumber) => this.summaryOf(numbering.fn(fn));
    this.#kept = new Summaries(
      { numbering, models: parts.models },
      memory.summaries,
      summaryOf,
      memory.sections,
    );
    this.#isFirst = memory.sections === undefined;
    this.#numbering = numbering;
    this.#state = new Uint8Array(numbering.size);
    this.#fresh = new Uint8Array(numbering.size);
    this.#callers = new Array(numbering.size);
  }

  override fresh(): number {
    return this.#kept.fresh();
  }

  override summary(fn: FunctionDefinition): Summary | undefined {
    const frame = this.#frames.at(-1);
    const number = this.#numbering.numberOf(fn);
    if (frame?.script) {
      const { script } = frame;
      const next = frame.at++;
      if (next >= script.length || script.fn(next) !== number) throw new Misremembered();
      return script.answered(next) ? this.summaryOf(fn) : undefined;
    }
    const answered = this.visit(number);
    frame?.trace?.calls.push({ fn, answered });
    return answered ? this.summaryOf(fn) : undefined;
  }

  /** As `summary`, for who does not want it: what was recalled need not be made again. */
  know(fn: FunctionNumber): boolean {
    return this.visit(fn);
  }

  isFresh(fn: FunctionNumber): boolean {
    return this.#fresh[fn] === 1;
  }

  override noteCall(fn: FunctionDefinition, from: Site): void {
    const frame = this.#frames.at(-1);
    if (frame?.script) return;
    const call = frame?.trace?.calls.at(-1);
    if (call) call.site = from;
    this.noteCaller(this.#numbering.numberOf(fn), ...this.#numbering.placeOf(from));
  }

  private noteCaller(fn: FunctionNumber, caller: FunctionNumber, start: number, end: number): void {
    const known = this.#callers[fn];
    if (!known) {
      this.#callers[fn] = [caller, start, end];
      return;
    }
    if (known.length >= 3 * MOST_CALLS) return;
    for (let at = 0; at < known.length; at += 3) if (known[at] === caller) return;
    known.push(caller, start, end);
  }

  override callsOf(fn: FunctionDefinition): readonly Site[] {
    const known = this.#callers[this.#numbering.numberOf(fn)] ?? [];
    const sites: Site[] = [];
    for (let at = 0; at < known.length; at += 3)
      sites.push(this.#numbering.site([known[at]!, known[at + 1]!, known[at + 2]!]));
    return sites;
  }

  override noteRead(fn: FunctionDefinition): void {
    this.#frames.at(-1)?.trace?.reads.add(fn);
  }

  override noteTaken(fn: FunctionDefinition, seq: number): void {
    this.#frames.at(-1)?.trace?.taken.push({ fn, seq });
  }

  /** Whether what `fn` does is known; as in a cold run, not inside of itself. */
  private visit(fn: FunctionNumber): boolean {
    const state = this.#state[fn];
    if (state === RUNNING || this.#depth >= DEEPEST_CALL) return false;
    if (state === KNOWN) return true;
    this.#state[fn] = RUNNING;
    this.#depth++;
    try {
      if (this.repeats(fn)) this.#recall.recalled(fn);
      else this.analyseNow(this.#numbering.fn(fn), fn);
      this.#state[fn] = KNOWN;
      return true;
    } finally {
      this.#depth--;
      if (this.#state[fn] === RUNNING) this.#state[fn] = 0;
    }
  }

  /** Goes through the calls of the earlier run; false as soon as one of them is answered otherwise. */
  private repeats(fn: FunctionNumber): boolean {
    const calls = this.#recall.calls(fn);
    if (!calls) return false;
    for (let at = 0; at < calls.length; at++) {
      const called = calls.fn(at);
      const answered = this.visit(called);
      if (answered !== calls.answered(at) || (answered && this.#fresh[called] === 1)) return false;
      this.noteCaller(called, calls.place(at, 0), calls.place(at, 1), calls.place(at, 2));
    }
    return true;
  }

  private analyseNow(fn: FunctionDefinition, number: FunctionNumber): void {
    this.traced((trace) => {
      const found = analyse(this, fn);
      this.#fresh[number] = 1;
      this.#summaries.set(fn, found.summary);
      if (this.isWanted(fn)) this.#kept.put(number, found.summary);
      else this.#kept.met(number, found.summary);
      trace.reads.delete(fn);
      this.#recall.analysed(found, trace);
    });
  }

  /** Names of what is called are all over the project: for the few that one change touches, they are not looked for. */
  private isWanted(fn: FunctionDefinition): boolean {
    // (That texts are read for it is not the analysis' doing.)
    return !this.#isFirst || observeReads(undefined, () => this.isCalled(fn));
  }

  /** `body` with what it asks of functions. */
  traced<T>(body: (trace: Trace) => T): T {
    const trace: Trace = { calls: [], reads: new Set(), taken: [] };
    return observeReads(
      (read) => trace.reads.add(read),
      () => this.within({ trace, at: 0 }, () => body(trace)),
    );
  }

  private summaryOf(fn: FunctionDefinition): Summary {
    const known = this.#summaries.get(fn);
    if (known) return known;
    const found = this.#kept.get(this.#numbering.numberOf(fn)) ?? this.summaryAgain(fn);
    this.#summaries.set(fn, found);
    return found;
  }

  private summaryAgain(fn: FunctionDefinition): Summary {
    const { summary } = this.again(fn);
    this.#kept.put(this.#numbering.numberOf(fn), summary);
    return summary;
  }

  discard(): void {
    this.#kept.discard();
  }

  /** Summaries for the next run. */
  summaries(isKnown: (fn: FunctionNumber) => boolean): Readonly<Record<string, unknown>> {
    return this.#kept.sections(isKnown);
  }

  /** The analysis of a function that was recalled: somebody needs more of it than was kept. */
  again(fn: FunctionDefinition): Analysis {
    const script = this.#recall.calls(this.#numbering.numberOf(fn));
    if (!script) throw new Misremembered();
    const frame: Frame = { script, at: 0 };
    const found = observeReads(undefined, () => this.within(frame, () => analyse(this, fn)));
    if (frame.at !== script.length) throw new Misremembered();
    return found;
  }

  private within<T>(frame: Frame, body: () => T): T {
    this.#frames.push(frame);
    try {
      return body();
    } finally {
      this.#frames.pop();
    }
  }
}
