import type { Analysis } from "./effects/program.ts";
import { columnOf, type Site } from "./effects/values.ts";
import { pairsOf } from "./rules/lock-order.ts";
import type { ColumnWriter, Writers } from "./rules/rule.ts";

interface LockPair {
  readonly fn: Site["fn"];
  readonly site: Site;
}

/** Columns that one function writes itself. */
export interface ColumnsWritten {
  readonly model: string;
  readonly columns: readonly string[];
  readonly direct: boolean;
  readonly site: Site;
}

/** Two tables that one function locks, one after the other: `First>Second`. */
export interface TablesLocked {
  readonly tables: string;
  readonly site: Site;
}

export function columnsWritten({ effects }: Pick<Analysis, "effects">): ColumnsWritten[] {
  return effects.flatMap(({ trail, model, fields, kind, site, row }) => {
    if (trail.length > 0 || !model || !fields || fields.size === 0) return [];
    // A row that is made there is no other's, however often it is saved.
    if (row?.origin === "new" && !row.fetch) return [];
    if (kind !== "save" && kind !== "update") return [];
    const direct = [...fields.values()].some((one) => one.database);
    return [{ model: model.name, columns: [...new Set([...fields.keys()].map(columnOf))], direct, site }];
  });
}

export function tablesLocked({ effects }: Pick<Analysis, "effects">): TablesLocked[] {
  return [...pairsOf({ effects })].map(([first, second]) => ({
    tables: `${first.model?.name}>${second.model?.name}`,
    site: first.site,
  }));
}

/** Which functions write which columns of which model, by the model's name, and lock what in which order. */
export class WritersSeen implements Writers {
  readonly #byModel = new Map<string, ColumnWriter[]>();
  readonly #pairs = new Map<string, LockPair[]>();

  add(fn: Site["fn"], written: readonly ColumnsWritten[], locked: readonly TablesLocked[]): void {
    for (const { model, columns, direct, site } of written)
      append(this.#byModel, model, {
        fn: `${fn.module.path}:${fn.qualified}`,
        columns: new Set(columns),
        direct,
        site,
      });
    for (const { tables, site } of locked) append(this.#pairs, tables, { fn, site });
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
