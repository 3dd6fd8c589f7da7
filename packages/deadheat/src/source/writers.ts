import type { Analysis } from "./effects/program.ts";
import { columnOf } from "./effects/values.ts";
import { pairsOf } from "./rules/lock-order.ts";
import type { ColumnWriter, Writers } from "./rules/rule.ts";

/** Which functions write which columns of which model, by the model's name. */
export function writersOf(analyses: readonly Analysis[]): Writers {
  const byModel = new Map<string, ColumnWriter[]>();
  for (const { fn, effects } of analyses)
    for (const effect of effects) {
      if (effect.trail.length > 0 || !effect.model || !effect.fields || effect.fields.size === 0) continue;
      if (effect.kind !== "save" && effect.kind !== "update") continue;
      const direct = [...effect.fields.values()].some((one) => one.database);
      const list = byModel.get(effect.model.name) ?? [];
      list.push({
        fn: `${fn.module.path}:${fn.qualified}`,
        columns: new Set([...effect.fields.keys()].map(columnOf)),
        direct,
        site: effect.site,
      });
      byModel.set(effect.model.name, list);
    }
  const pairs = new Map<string, { fn: Analysis["fn"]; site: ColumnWriter["site"] }[]>();
  for (const { fn, effects } of analyses)
    for (const [first, second] of pairsOf({ effects })) {
      const key = `${first.model?.name}>${second.model?.name}`;
      const list = pairs.get(key) ?? [];
      list.push({ fn, site: first.site });
      pairs.set(key, list);
    }
  return {
    lockPairs: (pair) => pairs.get(pair) ?? [],
    others: (model, except) => (byModel.get(model) ?? []).filter((one) => one.fn !== except),
  };
}
