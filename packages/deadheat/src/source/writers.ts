import type { Effect, EffectKind } from "./effects/effect.ts";
import type { Analysis } from "./effects/program.ts";
import { columnOf, type Site } from "./effects/values.ts";
import { pairsOf } from "./rules/lock-order.ts";
import type { ColumnWriter, Writers } from "./rules/rule.ts";

interface UsePlace {
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

/**
 * What one function does with tables: locks two, one after the other (`First>Second`), or writes a row of one in a
 * transaction (`in transaction Model`). Or that it calls a function that locks rows in its own transaction (`locks within
 * PATH:FUNCTION`), sends a signal or a task by `on_commit` (`signal after commit PATH`).
 */
export interface TableUse {
  readonly use: string;
  readonly site: Site;
}

export function columnsWritten({ effects }: Pick<Analysis, "effects">): ColumnsWritten[] {
  return effects.flatMap((effect) => {
    const { trail, model, fields, kind, site, row } = effect;
    if (!model || (trail.length > 0 && !isGivenWhole(effect))) return [];
    // A row that is made there is no other's, however often it is saved.
    if (row?.origin === "new" && !row.fetch) return [];
    if (kind !== "save" && kind !== "update") return [];
    const columns = [...new Set([...(fields?.keys() ?? []), ...named(effect)].map(columnOf))];
    if (columns.length === 0) return [];
    const direct = [...(fields?.values() ?? [])].some((one) => one.database);
    return [{ model: model.name, columns, direct, site }];
  });
}

/** `note_last(host)`: of which table it is, the function that saves it does not know. */
function isGivenWhole({ origin, kind, trail }: Effect): boolean {
  return kind === "save" && trail.length === 1 && origin !== undefined && !origin.model;
}

/** `bulk_update(rows, ["state"])`, whatever the rows were given. */
function named({ name, columns }: Effect): readonly string[] {
  return name === "bulk_update" && Array.isArray(columns) ? columns : [];
}

export function tableUses({ effects }: Pick<Analysis, "effects">): TableUse[] {
  const isAfterCommit = ({ deferred, trail }: Effect) => deferred && trail.length === 0;
  const signal = effects.find((one) => one.kind === "signal" && isAfterCommit(one));
  const task = effects.find((one) => one.kind === "external" && isAfterCommit(one));
  const saved = new Map<string, Site>();
  for (const { kind, model, txns, site } of effects)
    if (model && txns.length > 0 && SAVES.has(kind) && !saved.has(model.name)) saved.set(model.name, site);
  return [
    ...[...pairsOf({ effects })].map(([first, second]) => ({
      use: `${first.model?.name}>${second.model?.name}`,
      site: first.site,
    })),
    ...(task ? [{ use: taskAfterCommit(task.site.fn.module.path), site: task.site }] : []),
    ...(signal ? [{ use: signalAfterCommit(signal.site.fn.module.path), site: signal.site }] : []),
    ...[...saved].map(([name, site]) => ({ use: savedInTransaction(name), site })),
    ...[...lockedForCaller(effects)].map(([fn, site]) => ({ use: locksWithin(fn), site })),
  ];
}

/** Functions whose locks a caller holds in its transaction, by themselves or by what they call; and where it calls them. */
function lockedForCaller(effects: readonly Effect[]): Map<Site["fn"], Site> {
  const found = new Map<Site["fn"], Site>();
  for (const { query, txns, trail, site } of effects) {
    const [call, ...below] = trail;
    if (!query?.locked || txns.length === 0 || !call) continue;
    for (const { fn } of [...below, site]) if (!found.has(fn)) found.set(fn, call);
  }
  return found;
}

/** As a use of the function that locks. */
export function locksWithin({ module, qualified }: Site["fn"]): string {
  return `locks within ${module.path}:${qualified}`;
}

/** Those of which `post_save` tells. */
const SAVES: ReadonlySet<EffectKind> = new Set(["save", "create", "get-or-create"]);

/** As a use of the file, of which none has the same. */
export function signalAfterCommit(path: string): string {
  return `signal after commit ${path}`;
}

export function taskAfterCommit(path: string): string {
  return `task after commit ${path}`;
}

/** As a use of the table of that model. */
export function savedInTransaction(model: string): string {
  return `in transaction ${model}`;
}

/** Which functions write which columns of which model, by the model's name, and what they do with tables. */
export class WritersSeen implements Writers {
  readonly #byModel = new Map<string, ColumnWriter[]>();
  readonly #uses = new Map<string, UsePlace[]>();

  add(fn: Site["fn"], written: readonly ColumnsWritten[], used: readonly TableUse[]): void {
    for (const { model, columns, direct, site } of written)
      append(this.#byModel, model, {
        fn: `${fn.module.path}:${fn.qualified}`,
        columns: new Set(columns),
        direct,
        site,
      });
    for (const { use, site } of used) append(this.#uses, use, { fn, site });
  }

  usesOf(use: string): readonly UsePlace[] {
    return (this.#uses.get(use) ?? []).sort(bySite);
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
