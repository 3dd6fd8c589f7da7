import { type Model, sameModel } from "../project/model.ts";
import type { EffectKind, Guard, Step } from "./effect.ts";
import { type Atom, columnOf, type Deps, NONE, type Row, type Site, union, type Value } from "./values.ts";

/** A row that is looked at as a value (is it there? which one?) says what its read said. */
export function identityDeps(value: Value): Deps {
  if (value.kind !== "row" || !value.fetch) return NONE;
  return [{ kind: "query", effect: value.fetch }];
}

/** What a condition on `value` depends on. */
export function truthDeps(value: Value): Deps {
  return union(value.deps, identityDeps(value));
}

export function fieldAtom(row: Row, name: string, site: Site, seq: number): Atom {
  return { kind: "field", row, name: columnOf(name), site, seq };
}

const COUNTS = new Set<EffectKind>(["count", "aggregate", "list"]);

/** Counts that were compared with something: `if count >= limit`. (Whether there is any is another question.) */
export function countsIn(guards: readonly Guard[]): Deps {
  const ordered = guards.filter((one) => one.ordered);
  if (ordered.length === 0) return NONE;
  return union(
    ...ordered.map(({ deps, missing }) =>
      deps.filter((one) => one.kind === "query" && COUNTS.has(one.effect.kind) && !missing.has(one.effect)),
    ),
  );
}

/** Searches in this table that are known to have found nothing on the way to here. */
export function missedIn(guards: readonly Guard[], steps: readonly Step[], model: Model): Deps {
  const found: Atom[] = [];
  for (const { branch, missing } of guards) {
    if (missing.size === 0) continue;
    const arm = steps.find((one) => one.branch === branch)?.arm;
    for (const [effect, empty] of missing)
      if (arm === empty && sameModel(effect.model, model)) found.push({ kind: "query", effect });
  }
  return found;
}
