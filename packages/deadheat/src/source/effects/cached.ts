import type { Span } from "../parse/syntax.ts";
import { depsOfAll, type Given } from "./arguments.ts";
import type { How } from "./expressions.ts";
import type { Run } from "./run.ts";
import { assignedFrom } from "./saved-columns.ts";
import { union, type Value } from "./values.ts";

const CACHE = /(^|\.)caches?(\[[^\]]*\])?\.(get|set|add|delete|delete_many|delete_pattern|clear)$/;

/**
 * `cache.get(key)` and `cache.set(key, value)`: an entry is known by how its key is written. `cache.add(key, value)` as a
 * statement sets it where there is none, and nobody hears whether there was.
 */
export function cacheCall(
  run: Run,
  dotted: string,
  given: Given,
  span: Span,
  { discarded }: How,
): Value | undefined {
  const called = CACHE.exec(dotted)?.[3];
  const [key, value] = given.expressions;
  if (called === "clear" || called?.startsWith("delete")) {
    run.emit("cache-delete", span, { name: dotted });
    return undefined;
  }
  if (!called || !key) return undefined;
  const name = run.fn.module.source.text.slice(key.value.start, key.value.end).replace(/\s+/g, " ");
  if (called === "get") {
    const effect = run.emit("cached", span, { name });
    return run.unknown(union([{ kind: "query", effect }], depsOfAll(given)));
  }
  if (called === "add") {
    if (discarded) run.emit("cache-add", span, { name });
    return discarded ? run.unknown() : undefined;
  }
  const stored = value && (given.named.get("value") ?? given.positional[1]);
  if (stored)
    run.emit("cache-set", span, { name, fields: assignedFrom(run, new Map([["value", stored]]), span) });
  return run.unknown();
}
