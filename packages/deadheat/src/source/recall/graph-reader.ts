import type { Effect } from "../effects/effect.ts";
import type { Models } from "../project/models.ts";
import { SmallMap } from "../project/small-map.ts";
import { COMMON, TAG } from "./graph-tags.ts";
import { MARKED } from "./marked.ts";
import { Misremembered } from "./misremembered.ts";
import type { Numbering } from "./numbering.ts";
import type { EffectRecord, FunctionNumber } from "./record.ts";
import type { Shapes } from "./shapes.ts";

interface Named {
  readonly numbering: Numbering;
  readonly models: Models;
  readonly shapes: Shapes;
  readonly effectAt: (record: EffectRecord) => Effect;
}

/** What it stands for is made where somebody asks: few do, and that is in the summary of another function. */
class TakenOver {
  readonly #effectAt: Named["effectAt"];
  readonly #record: EffectRecord;

  constructor(effectAt: Named["effectAt"], record: EffectRecord) {
    this.#effectAt = effectAt;
    this.#record = record;
  }

  get origin(): Effect {
    return this.#effectAt(this.#record);
  }
}

/** Makes again what `GraphWriter` has written. */
export class GraphReader {
  readonly #named: Named;
  readonly #bytes: Buffer;
  #at = 0;
  /** Texts and objects in their turn. */
  readonly #known: unknown[] = [];

  constructor(bytes: Buffer, named: Named) {
    this.#bytes = bytes;
    this.#named = named;
  }

  read(): unknown {
    const root = this.value();
    if (this.#at !== this.#bytes.length) throw new Misremembered();
    return root;
  }

  private value(): unknown {
    switch (this.byte()) {
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.true:
        return true;
      case TAG.false:
        return false;
      case TAG.integer:
        return this.integer();
      case TAG.number:
        this.#at += 8;
        return this.#bytes.readDoubleLE(this.#at - 8);
      case TAG.text:
        return this.kept(this.text());
      case TAG.known:
        return this.known();
      case TAG.list:
        return this.list();
      case TAG.map:
        return this.map();
      case TAG.smallMap:
        return this.smallMap();
      case TAG.object:
        return this.object();
      case TAG.takenOver:
        return this.takenOver();
      case TAG.common:
        return COMMON[this.integer()];
      default:
        this.#at--;
        return this.definition();
    }
  }

  /** What is the project's own, and not the summary's. */
  private definition(): unknown {
    const { numbering, models } = this.#named;
    const turn = this.#known.push(undefined) - 1;
    const found = (() => {
      switch (this.byte()) {
        case TAG.function:
          return numbering.fn(this.integer());
        case TAG.class:
          return numbering.class([this.integer(), this.text()]);
        case TAG.module:
          return numbering.module(this.integer());
        case TAG.model:
          return models.of(this.value() as Parameters<Models["of"]>[0]);
        case TAG.modelOutside:
          return models.named(this.text());
        case TAG.site:
          return numbering.site([this.integer(), this.signed(), this.signed()]);
        default:
          throw new Misremembered();
      }
    })();
    this.#known[turn] = found;
    return found;
  }

  private kept<T>(one: T): T {
    this.#known.push(one);
    return one;
  }

  private known(): unknown {
    const turn = this.integer();
    if (turn >= this.#known.length) throw new Misremembered();
    return this.#known[turn];
  }

  private list(): unknown {
    const length = this.integer();
    if (length > this.#bytes.length) throw new Misremembered();
    const list: unknown[] = this.kept([]);
    for (let at = 0; at < length; at++) list.push(this.value());
    return list;
  }

  private map(): unknown {
    const map = this.kept(new Map());
    for (let left = this.integer(); left > 0; left--) map.set(this.value(), this.value());
    return map;
  }

  private smallMap(): unknown {
    const turn = this.#known.push(undefined) - 1;
    const map = new Map();
    for (let left = this.integer(); left > 0; left--) map.set(this.value(), this.value());
    const found = SmallMap.from(map);
    this.#known[turn] = found;
    return found;
  }

  private object(): unknown {
    const shape = this.#named.shapes.byNumber(this.integer());
    return this.fill(this.kept({}), shape);
  }

  private takenOver(): unknown {
    const shape = this.#named.shapes.byNumber(this.integer());
    const record = [this.integer(), this.integer()] satisfies readonly [FunctionNumber, number];
    return this.fill(this.kept(new TakenOver(this.#named.effectAt, record)), shape);
  }

  private fill(made: object, shape: ReturnType<Shapes["byNumber"]>): unknown {
    if (!shape) throw new Misremembered();
    for (const index of shape.marks) {
      const mark = this.value();
      if (mark !== undefined) MARKED[index]?.marks.set(made, mark);
    }
    for (const key of shape.keys) (made as Record<string, unknown>)[key] = this.value();
    return made;
  }

  private text(): string {
    const length = this.integer();
    this.#at += length;
    return this.#bytes.toString("utf8", this.#at - length, this.#at);
  }

  private byte(): number {
    const found = this.#bytes[this.#at++];
    if (found === undefined) throw new Misremembered();
    return found;
  }

  private integer(): number {
    let found = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      found += (byte & 127) * 2 ** shift;
      if (byte < 128) return found;
    }
  }

  private signed(): number {
    const found = this.integer();
    return found % 2 === 0 ? found / 2 : -(found + 1) / 2;
  }
}
