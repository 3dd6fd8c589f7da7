import type { Operation } from "../../plan/operation.ts";
import { operationName } from "../../plan/operation.ts";
import { type OpenedProgram, type Route, requestGaps, requestWeaknesses } from "../../source/index.ts";
import { operationOf } from "../join.ts";
import type { LocatedGap } from "./correlate.ts";

export interface Hints {
  /** Where in the source a race would be, if it is one: the place of a proof, and no suspicion of its own. */
  readonly gaps: readonly LocatedGap[];
  /** `weakness METHOD path` where the source shows what keeps the race away: these are raced last. */
  readonly held: ReadonlySet<string>;
}

/** Walks through the requests of a running project's routes. */
export function hintsOf(
  { program }: OpenedProgram,
  routes: readonly Route[],
  operations: readonly Operation[],
): Hints {
  const gaps: LocatedGap[] = [];
  const held = new Set<string>();
  for (const route of routes) {
    const operation = operationOf(route, operations);
    const found = operation && requestGaps(program, route);
    if (!operation || !found) continue;
    const { method, path, operationId } = operation;
    const named = { method, path, ...(operationId ? { operationId } : {}) };
    for (const finding of found) gaps.push({ finding, operations: [named], hint: true });
    const weak = new Set(found.map(({ weakness }) => weakness));
    for (const weakness of requestWeaknesses)
      if (!weak.has(weakness)) held.add(`${weakness} ${operationName(named)}`);
  }
  return { gaps, held };
}
