import type { Span } from "../parse/syntax.ts";
import type { Given } from "./calls.ts";
import { depsOfAll } from "./calls.ts";
import { assignedFrom } from "./queries.ts";
import type { Run } from "./run.ts";
import { union, type Value } from "./values.ts";

const CACHE = /(^|\.)caches?(\[[^\]]*\])?\.(get|set)$/;

/** `cache.get(key)` and `cache.set(key, value)`: an entry is known by how its key is written. */
export function cacheCall(run: Run, dotted: string, given: Given, span: Span): Value | undefined {
  const called = CACHE.exec(dotted)?.[3];
  const [key, value] = given.expressions;
  if (!called || !key) return undefined;
  const name = run.fn.module.source.text.slice(key.value.start, key.value.end).replace(/\s+/g, " ");
  if (called === "get") {
    const effect = run.emit("cached", span, { name });
    return run.unknown(union([{ kind: "query", effect }], depsOfAll(given)));
  }
  const stored = value && (given.named.get("value") ?? given.positional[1]);
  if (stored)
    run.emit("cache-set", span, { name, fields: assignedFrom(run, new Map([["value", stored]]), span) });
  return run.unknown();
}
