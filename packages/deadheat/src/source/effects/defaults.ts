import type { Expression } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import { isNamedOnly } from "./builtins.ts";
import { isConstant } from "./scalars.ts";
import type { Value } from "./values.ts";

/** `defaults={"kind": "book", "platform": Platform.objects.get(code="x")}`: whoever asks, gives these. */
export function defaultsOf({ named, expressions }: Given): {
  readonly defaults?: ReadonlyMap<string, boolean>;
} {
  const found = new Map<string, boolean>();
  for (const { name, value, spread } of expressions) {
    // (`get_or_create(code=code, **more)`: what is in there is looked for, or is defaults.)
    if (spread) return {};
    if (name !== "defaults" && name !== "create_defaults") continue;
    const given = named.get(name);
    if (given?.kind !== "scalar" || !given.entries || !isWrittenOut(value)) return {};
    for (const [column, one] of given.entries) found.set(column, isWrittenDown(one) || isFound(one));
  }
  return { defaults: found };
}

/** A dictionary of which all is seen: nothing is spread out into it, or put into it later. */
function isWrittenOut(value: Expression): boolean {
  if (value.kind === "dictionary") return value.pairs.every((one) => one.key?.kind === "string");
  return (
    value.kind === "call" &&
    value.callee.kind === "name" &&
    value.callee.id === "dict" &&
    isNamedOnly(value.args)
  );
}

function isWrittenDown(value: Value): boolean {
  // `Kind.BOOK`, `Kind.book.name`, `FIRST`: what a class or module keeps. (A function in that place is called.)
  if (value.kind === "function")
    return !value.fn && !value.closure && (isOfClass(value) || /(^|\.)[A-Z][A-Z0-9_]*$/.test(value.dotted));
  return isConstant(value) && !(value.kind === "scalar" && value.literal === null);
}

function isOfClass({ self }: Value & { readonly kind: "function" }): boolean {
  return self?.kind === "class" || (self?.kind === "function" && !self.fn && isOfClass(self));
}

/** The one row that what is written down means. */
function isFound(value: Value): boolean {
  const query = value.kind === "row" && value.fetch?.kind === "fetch" ? value.fetch.query : undefined;
  const { filters = [], opaque, owner } = query ?? {};
  return filters.length > 0 && !opaque && !owner && filters.every((one) => isWrittenDown(one.value));
}
