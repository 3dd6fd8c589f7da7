import type { Analysis } from "./effects/program.ts";
import { columnOf, type Site } from "./effects/values.ts";
import { pairsOf } from "./rules/lock-order.ts";
import type { ColumnWriter, Writers } from "./rules/rule.ts";

interface LockPair {
  readonly fn: Site["fn"];
  readonly site: Site;
}

/** Which functions write which columns of which model, by the model's name, and lock what in which order. */
export class WritersSeen implements Writers {
  readonly #byModel = new Map<string, ColumnWriter[]>();
  readonly #pairs = new Map<string, LockPair[]>();

  add({ fn, effects }: Pick<Analysis, "fn" | "effects">): void {
    for (const effect of effects) {
      if (effect.trail.length > 0 || !effect.model || !effect.fields || effect.fields.size === 0) continue;
      if (effect.kind !== "save" && effect.kind !== "update") continue;
      const direct = [...effect.fields.values()].some((one) => one.database);
      append(this.#byModel, effect.model.name, {
        fn: `${fn.module.path}:${fn.qualified}`,
        columns: new Set([...effect.fields.keys()].map(columnOf)),
        direct,
        site: effect.site,
      });
    }
    for (const [first, second] of pairsOf({ effects }))
      append(this.#pairs, `${first.model?.name}>${second.model?.name}`, { fn, site: first.site });
  }

  lockPairs(pair: string): readonly LockPair[] {
    return (this.#pairs.get(pair) ?? []).sort(bySite);
  }

  others(model: string, except: string): readonly ColumnWriter[] {
    return (this.#byModel.get(model) ?? []).filter((one) => one.fn !== except).sort(bySite);
  }
}

/** In the order of the sources, whatever was analysed first. */
function bySite({ site: one }: { readonly site: Site }, { site: other }: { readonly site: Site }): number {
  const [a, b] = [one.fn.module.path, other.fn.module.path];
  return a < b ? -1 : a > b ? 1 : one.start - other.start;
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
