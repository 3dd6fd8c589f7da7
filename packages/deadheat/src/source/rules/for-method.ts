import type { Effect, Guard } from "../effects/effect.ts";

/**
 * `get_queryset()` asks for a lock where `request.method == "POST"`: what reads it `if request.method == "GET"` gets rows
 * that nobody locks.
 */
export function isLockOfOtherMethods(lock: Effect): boolean {
  const asked = lock.query?.lockSite?.fn;
  if (!asked || asked === lock.site.fn) return false;
  const methods = methodsIn(asked.text());
  return (
    methods.length > 0 && methods.every((one) => lock.guards.some((guard) => excludes(guard, lock, one)))
  );
}

function methodsIn(text: string): string[] {
  return [...text.matchAll(ASKED)].flatMap(([, given = ""]) =>
    [...given.matchAll(/["'](\w+)["']/g)].map(([, one = ""]) => one),
  );
}

/** `request.method == "POST"`, `request.method in ("PUT", "PATCH")`. */
const ASKED = /\brequest\.method\s*(?:==|in\b)\s*(["']\w+["']|[([{][^)\]}]*[)\]}])/g;

/** On the arm of another method, or on the one that this method does not come to. */
function excludes({ branch, site }: Guard, { steps }: Effect, method: string): boolean {
  const text = site.fn.module.source.text.slice(site.start, site.end);
  const is = /^\s*(?:self\.)?request\.method\s*==\s*["'](\w+)["']\s*$/.exec(text)?.[1];
  const arm = steps.find((one) => one.branch === branch)?.arm;
  if (is === undefined || arm === undefined) return false;
  return (arm === 0) !== (is === method);
}
