import { type RunnerFacts, RunnerFactsRead } from "../by-hand.ts";
import { connectedIn, type Mention, mentionsIn } from "../mentions.ts";
import type { FunctionDefinition, Module } from "../project/definitions.ts";
import type { Project } from "../project/project.ts";
import type { Numbering } from "./numbering.ts";
import type { FunctionNumber } from "./record.ts";

/** Who mentions a name, by modules: functions, or -1 for what stands outside of all. */
type MentionRecord = readonly (readonly [module: number, within: readonly FunctionNumber[]])[];

/** What was asked about who runs what, and what the texts said. */
export interface RunnerRecord {
  /** Module and whether one goes on in a loop. */
  readonly loops: readonly (readonly [module: number, loops: boolean])[];
  /** Function, whether it is of migrations, whether it is registered: as far as heads of functions tell. */
  readonly heads: readonly (readonly [fn: FunctionNumber, isOfMigrations: boolean, isRegistered: boolean])[];
  readonly connected: readonly (readonly [module: number, names: readonly string[]])[];
  readonly mentions: readonly (readonly [name: string, mentions: MentionRecord])[];
}

const NOTHING: RunnerRecord = { loops: [], heads: [], connected: [], mentions: [] };
const OUTSIDE = -1;

/** Texts that did not change say what they said; the others are looked at. */
export class RunnerFactsKept implements RunnerFacts {
  readonly #numbering: Numbering;
  readonly #read: RunnerFactsRead;
  /** Modules that are not what they were; `undefined`: all of them. */
  readonly #changed: readonly number[] | undefined;
  readonly #loops: Map<number, boolean>;
  readonly #heads: Map<FunctionNumber, readonly [boolean, boolean]>;
  readonly #connected: Map<number, readonly string[]>;
  readonly #mentions: ReadonlyMap<string, MentionRecord>;
  readonly #known = new Map<string, readonly Mention[]>();
  #names: ReadonlySet<string> | undefined;

  constructor(project: Project, numbering: Numbering, last?: RunnerRecord, changed: readonly number[] = []) {
    const { loops, heads, connected, mentions } = last ?? NOTHING;
    this.#numbering = numbering;
    this.#read = new RunnerFactsRead(project);
    this.#changed = last && changed;
    this.#loops = new Map(loops);
    for (const one of changed) this.#loops.delete(one);
    // A head is as far as one looks for it: it may reach into the body.
    const unchanged = heads.filter(([fn]) => !changed.includes(numbering.moduleOf(fn)));
    this.#heads = new Map(unchanged.map(([fn, ...rest]) => [fn, rest]));
    this.#connected = new Map(connected);
    this.#mentions = new Map(mentions);
  }

  loops(module: Module): boolean {
    const number = this.#numbering.moduleNumber(module);
    const found = this.#loops.get(number) ?? this.#read.loops(module);
    this.#loops.set(number, found);
    return found;
  }

  isOfMigrations(fn: FunctionDefinition): boolean {
    return this.head(fn)[0];
  }

  isRegistered(fn: FunctionDefinition): boolean {
    return this.head(fn)[1];
  }

  private head(fn: FunctionDefinition): readonly [boolean, boolean] {
    const number = this.#numbering.numberOf(fn);
    const found = this.#heads.get(number) ?? [this.#read.isOfMigrations(fn), this.#read.isRegistered(fn)];
    this.#heads.set(number, found);
    return found;
  }

  isConnected(name: string): boolean {
    if (!this.#names) {
      for (const module of this.#changed ?? this.#numbering.modules.keys()) {
        const names = connectedIn(this.#numbering.module(module));
        if (names.length > 0) this.#connected.set(module, names);
        else this.#connected.delete(module);
      }
      this.#names = new Set([...this.#connected.values()].flat());
    }
    return this.#names.has(name);
  }

  mentions(name: string): readonly Mention[] {
    const done = this.#known.get(name);
    if (done) return done;
    const kept = this.#mentions.get(name);
    const found = kept && this.#changed ? this.again(kept, name, this.#changed) : this.#read.mentions(name);
    this.#known.set(name, found);
    return found;
  }

  private again(kept: MentionRecord, name: string, changed: readonly number[]): readonly Mention[] {
    const found = new Map<number, readonly Mention[]>();
    for (const [number, within] of kept) {
      const module = this.#numbering.module(number);
      const mention = (fn: FunctionNumber) =>
        fn === OUTSIDE ? { module } : { module, fn: this.#numbering.fn(fn) };
      found.set(number, changed.includes(number) ? [] : within.map(mention));
    }
    for (const number of changed) found.set(number, mentionsIn(this.#numbering.module(number), name));
    return [...found].sort(([one], [other]) => one - other).flatMap(([, mentions]) => mentions);
  }

  private recordOf(mentions: readonly Mention[]): MentionRecord {
    const rows = new Map<number, FunctionNumber[]>();
    for (const { module, fn } of mentions) {
      const number = this.#numbering.moduleNumber(module);
      const row = rows.get(number) ?? [];
      row.push(fn ? this.#numbering.numberOf(fn) : OUTSIDE);
      rows.set(number, row);
    }
    return [...rows];
  }

  /** What was asked in this run, for the next one. */
  record(): RunnerRecord {
    this.isConnected("");
    return {
      loops: [...this.#loops],
      heads: [...this.#heads].map(([fn, [isOfMigrations, isRegistered]]) => [
        fn,
        isOfMigrations,
        isRegistered,
      ]),
      connected: [...this.#connected],
      mentions: [...this.#known].map(([name, mentions]) => [name, this.recordOf(mentions)]),
    };
  }
}
