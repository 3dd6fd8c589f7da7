import { createGuard } from "@deadheat/guard";
import { BREAKS, type Break, type BreakName } from "./broken/index.ts";
import type { Endpoints } from "./endpoints.ts";
import { guarded } from "./guarded/index.ts";
import type { Half } from "./half.ts";
import { racy } from "./racy/index.ts";
import type { Suite } from "./suites/suite.ts";

/** What one half serves: later layers take the place of earlier ones, endpoint by endpoint. */
export type Layers = readonly Partial<Endpoints>[];

export async function racyLayers(half: Half, suites: readonly Suite[] = []): Promise<Layers> {
  return [racy(half), ...(await Promise.all(suites.map((suite) => suite.racy(half))))];
}

/** With `broken`, that mistake is in it. */
export async function guardedLayers(
  half: Half,
  broken?: BreakName,
  suites: readonly Suite[] = [],
): Promise<Layers> {
  const mistake: Break = broken === undefined ? {} : BREAKS[broken];
  const right = createGuard({ pool: half.database, tokens: half.tokens, realm: "lab" });
  const guard = mistake.guard?.(right, half) ?? right;
  const added = await Promise.all(suites.map((suite) => suite.guarded(guard, half)));
  return [guarded(guard, half), ...added, { bearer: mistake.bearer?.(guard, half) ?? {} }];
}
