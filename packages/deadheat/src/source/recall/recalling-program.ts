import { analyse } from "../effects/analyse.ts";
import { type Analysis, DEEPEST_CALL, Program, type Summary } from "../effects/program.ts";
import type { Site } from "../effects/values.ts";
import type { FunctionDefinition } from "../project/definitions.ts";

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
  calls(fn: FunctionDefinition): readonly Required<Call>[] | undefined;
  /** `fn` has been analysed. */
  analysed(analysis: Analysis, trace: Trace): void;
  /** All that `fn` called is what it was as well: what it did is known. */
  recalled(fn: FunctionDefinition): void;
}

/** The memory of the last run and its analysis do not fit together: it is of no use. */
export class Misremembered extends Error {}

interface Frame {
  readonly trace?: Trace;
  /** The calls of the earlier run, one after the other. */
  readonly script?: readonly Required<Call>[];
  at: number;
}

/**
 * A program that goes the way of a cold run, call by call and in the same order, but analyses a function only where
 * its text, or what it called, is not what it was. What a recursion or a nesting too deep leaves out depends on that
 * order: hence a run from memory leaves out the same.
 */
export class RecallingProgram extends Program {
  readonly #recall: Recall;
  readonly #state = new Map<FunctionDefinition, "running" | "known">();
  readonly #summaries = new Map<FunctionDefinition, Summary>();
  /** Analysed in this run: whoever called it before may have been told something else. */
  readonly #fresh = new Set<FunctionDefinition>();
  readonly #frames: Frame[] = [];
  #depth = 0;

  constructor(parts: Pick<Program, "project" | "models" | "settings">, recall: Recall) {
    super(parts.project, parts.models, parts.settings);
    this.#recall = recall;
  }

  override summary(fn: FunctionDefinition): Summary | undefined {
    const frame = this.#frames.at(-1);
    if (frame?.script) {
      const next = frame.script[frame.at++];
      if (next?.fn !== fn) throw new Misremembered();
      return next.answered ? this.summaryOf(fn) : undefined;
    }
    const answered = this.visit(fn);
    frame?.trace?.calls.push({ fn, answered });
    return answered ? this.summaryOf(fn) : undefined;
  }

  /** As `summary`, for who does not want it: what was recalled need not be made again. */
  know(fn: FunctionDefinition): void {
    this.visit(fn);
  }

  override noteCall(fn: FunctionDefinition, from: Site): void {
    const frame = this.#frames.at(-1);
    if (frame?.script) return;
    const call = frame?.trace?.calls.at(-1);
    if (call) call.site = from;
    super.noteCall(fn, from);
  }

  override noteRead(fn: FunctionDefinition): void {
    this.#frames.at(-1)?.trace?.reads.add(fn);
  }

  override noteTaken(fn: FunctionDefinition, seq: number): void {
    this.#frames.at(-1)?.trace?.taken.push({ fn, seq });
  }

  /** Whether what `fn` does is known; as in a cold run, not inside of itself. */
  private visit(fn: FunctionDefinition): boolean {
    const state = this.#state.get(fn);
    if (state === "running" || this.#depth >= DEEPEST_CALL) return false;
    if (state === "known") return true;
    this.#state.set(fn, "running");
    this.#depth++;
    try {
      if (this.repeats(fn)) this.#recall.recalled(fn);
      else this.analyseNow(fn);
      this.#state.set(fn, "known");
      return true;
    } finally {
      this.#depth--;
      if (this.#state.get(fn) === "running") this.#state.delete(fn);
    }
  }

  /** Goes through the calls of the earlier run; false as soon as one of them is answered otherwise. */
  private repeats(fn: FunctionDefinition): boolean {
    const calls = this.#recall.calls(fn);
    if (!calls) return false;
    for (const call of calls) {
      const answered = this.visit(call.fn);
      if (answered !== call.answered || (answered && this.#fresh.has(call.fn))) return false;
      super.noteCall(call.fn, call.site);
    }
    return true;
  }

  private analyseNow(fn: FunctionDefinition): void {
    const trace: Trace = { calls: [], reads: new Set(), taken: [] };
    const found = this.within({ trace, at: 0 }, fn);
    this.#fresh.add(fn);
    this.#summaries.set(fn, found.summary);
    this.#recall.analysed(found, trace);
  }

  private summaryOf(fn: FunctionDefinition): Summary {
    const known = this.#summaries.get(fn);
    if (known) return known;
    const found = this.again(fn).summary;
    this.#summaries.set(fn, found);
    return found;
  }

  /** The analysis of a function that was recalled: somebody needs more of it than was kept. */
  again(fn: FunctionDefinition): Analysis {
    const script = this.#recall.calls(fn);
    if (!script) throw new Misremembered();
    const frame: Frame = { script, at: 0 };
    const found = this.within(frame, fn);
    if (frame.at !== script.length) throw new Misremembered();
    return found;
  }

  private within(frame: Frame, fn: FunctionDefinition): Analysis {
    this.#frames.push(frame);
    try {
      return analyse(this, fn);
    } finally {
      this.#frames.pop();
    }
  }
}
