import { createGuard } from "@deadheat/guard";
import { BREAKS, type Break, type BreakName } from "./broken/index.ts";
import type { Endpoints } from "./endpoints.ts";
import { guarded } from "./guarded/index.ts";
import type { Half } from "./half.ts";
import { racy } from "./racy/index.ts";

/** What one half serves: later layers take the place of earlier ones, endpoint by endpoint. */
export type Layers = readonly Partial<Endpoints>[];

export function racyLayers(half: Half): Layers {
  return [racy(half)];
}

/** With `broken`, that mistake is in it. */
export function guardedLayers(half: Half, broken?: BreakName): Layers {
  const mistake: Break = broken === undefined ? {} : BREAKS[broken];
  const right = createGuard({ pool: half.database, tokens: half.tokens, realm: "lab" });
  const guard = mistake.guard?.(right, half) ?? right;
  return [guarded(guard, half), { bearer: mistake.bearer?.(guard, half) ?? {} }];
}
