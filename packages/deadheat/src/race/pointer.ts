/** JSON Pointer (RFC 6901) on parsed JSON. */
function keysOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function getAt(value: unknown, pointer: string): unknown {
  let current = value;
  for (const key of keysOf(pointer)) {
    if (key === "-" && Array.isArray(current)) return current.length;
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/** A copy of `value` in which the scalars at the given pointers are replaced. */
export function withValues(value: unknown, values: Readonly<Record<string, unknown>>): unknown {
  const copy = structuredClone(value);
  for (const [pointer, replacement] of Object.entries(values)) {
    const keys = keysOf(pointer);
    const last = keys.pop();
    if (last === undefined) return replacement;
    const holder = getAt(
      copy,
      keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    );
    if (typeof holder === "object" && holder !== null)
      (holder as Record<string, unknown>)[last] = replacement;
  }
  return copy;
}

/**
 * Every scalar of a JSON value with its pointer. Arrays are not entered: places in them are not stable. How
 * many items one has stands at `/-`, the place after the last.
 */
export function scalars(
  value: unknown,
  pointer = "",
): { pointer: string; value: string | number | boolean }[] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return [{ pointer, value }];
  if (Array.isArray(value)) return [{ pointer: `${pointer}/-`, value: value.length }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    scalars(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}
