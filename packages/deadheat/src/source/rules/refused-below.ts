import type { Effect, Guard } from "../effects/effect.ts";

/**
 * `if not exists(user): make(user)` for each of many, where `make` answers a conflict with an error of its own: that is
 * right for who asked it to make one; who only saw to it that there is one, is refused although there is.
 */
export function isRefusedBelow(create: Effect, guard: Guard): boolean {
  if (create.loop === 0 || create.trail.length === guard.trail.length || guard.refuses || guard.leaves)
    return false;
  const { fn } = create.site;
  return fn !== guard.site.fn && fn !== guard.trail[0]?.fn && ONLY_RAISES.test(fn.text());
}

const ONLY_RAISES = /\bexcept\s*\(?[\w., ]*IntegrityError\b[^:]*:\s*raise\b/;
