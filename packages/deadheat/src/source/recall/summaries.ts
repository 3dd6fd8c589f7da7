import type { Effect } from "../effects/effect.ts";
import type { Summary } from "../effects/program.ts";
import type { Models } from "../project/models.ts";
import { GraphReader } from "./graph-reader.ts";
import { GraphWriter } from "./graph-writer.ts";
import { Misremembered } from "./misremembered.ts";
import type { Numbering } from "./numbering.ts";
import type { EffectRecord, FunctionNumber } from "./record.ts";
import type { Sections } from "./sections.ts";
import { Shapes } from "./shapes.ts";
import { type Place, SummaryFile } from "./summary-file.ts";

/** Larger ones (bytes) would take more room than they save time: what they call is kept, and they are analysed again. */
const LARGEST = 8000;
/** Of each function: where its bytes begin, how many they are, their sum. */
const PLACE = 3;

interface Kept {
  readonly shapes: readonly (readonly string[])[];
  readonly next: number;
  /** Name of the file in which the summaries are. */
  readonly file: string;
}

/**
 * What functions do, as callers have to know it: each as bytes, and made again where a caller is analysed anew. Of those
 * that cannot be written nothing is kept; they are analysed again.
 */
export class Summaries {
  readonly #shapes: Shapes;
  readonly #writer: GraphWriter;
  readonly #named: ConstructorParameters<typeof GraphReader>[1];
  readonly #places: Int32Array;
  readonly #file: SummaryFile;
  /** By effects of summaries that were met in this run. */
  readonly #owners = new WeakMap<Effect, EffectRecord>();
  /** No number from here on is in anything that is kept. */
  #next: number;

  /** `path`: of the file in which they are; `summaryOf`: that of any function which another one has called. */
  constructor(
    { numbering, models }: { readonly numbering: Numbering; readonly models: Models },
    path: string,
    summaryOf: (fn: FunctionNumber) => Summary,
    kept?: Sections,
  ) {
    const { shapes, next, file } = kept?.json<Kept>("shapes") ?? { shapes: [], next: 1, file: "" };
    this.#shapes = new Shapes(shapes);
    this.#next = next;
    this.#file = new SummaryFile(path, file);
    this.#places = kept?.ints("summary places") ?? new Int32Array(PLACE * numbering.size);
    if (this.#places.length !== PLACE * numbering.size) throw new Misremembered();
    const naming = { numbering, models, shapes: this.#shapes };
    const originOf = (effect: Effect) => this.#owners.get(effect);
    this.#writer = new GraphWriter({ ...naming, originOf }, LARGEST);
    this.#named = {
      ...naming,
      effectAt: ([fn, index]) => {
        const found = summaryOf(fn).effects[index];
        if (!found) throw new Misremembered();
        return found;
      },
    };
  }

  /** A number that is in no summary, of this run or kept: rows and branches are told apart by theirs. */
  fresh(): number {
    return this.#next++;
  }

  /** Has to be told of each summary that callers are given. */
  met(fn: FunctionNumber, { effects }: Summary): void {
    for (const [index, effect] of effects.entries()) this.#owners.set(effect, [fn, index]);
  }

  put(fn: FunctionNumber, summary: Summary): void {
    this.met(fn, summary);
    const bytes = this.#writer.write(summary);
    this.setPlace(fn, bytes ? this.#file.add(bytes) : NOWHERE);
  }

  get(fn: FunctionNumber): Summary | undefined {
    const place = this.place(fn);
    const bytes = place.length > 0 ? this.#file.read(place) : undefined;
    if (!bytes) return undefined;
    const found = new GraphReader(bytes, this.#named).read() as Summary;
    this.met(fn, found);
    return found;
  }

  private place(fn: FunctionNumber): Place {
    const [at, length, sum] = this.#places.subarray(PLACE * fn, PLACE * (fn + 1)) as unknown as [
      number,
      number,
      number,
    ];
    return { at, length, sum };
  }

  private setPlace(fn: FunctionNumber, { at, length, sum }: Place): void {
    this.#places.set([at, length, sum], PLACE * fn);
  }

  /** For the next run. `isKnown`: functions of which something is known; what others do is left behind. */
  sections(isKnown: (fn: FunctionNumber) => boolean): Readonly<Record<string, unknown>> {
    const live: FunctionNumber[] = [];
    let size = 0;
    for (let fn = 0; PLACE * fn < this.#places.length; fn++) {
      const { length } = this.place(fn);
      if (length === 0) continue;
      if (!isKnown(fn)) this.setPlace(fn, NOWHERE);
      else {
        live.push(fn);
        size += length;
      }
    }
    this.#file.finish();
    if (this.#file.size > 2 * size + SLACK) {
      const places = this.#file.compact(live.map((fn) => this.place(fn)));
      for (const [index, fn] of live.entries()) this.setPlace(fn, places[index] ?? NOWHERE);
      this.#file.finish();
    }
    const shapes: Kept = { shapes: this.#shapes.all(), next: this.#next, file: this.#file.name };
    return { "summary places": this.#places, shapes };
  }

  /** Nothing of this run will be of use to the next one. */
  discard(): void {
    this.#file.discard();
  }
}

const NOWHERE: Place = { at: 0, length: 0, sum: 0 };
/** Bytes. */
const SLACK = 1 << 18;
