import type { Effect } from "./effect.ts";
import type { Shape, Site, Value } from "./values.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type Scalar = Value & { readonly kind: "scalar" };

/** What may be known of a value that is neither a row nor what rows are read from. */
export interface ScalarFacts {
  readonly literal?: string | number | boolean | null;
  readonly database?: boolean;
  readonly entries?: ReadonlyMap<string, Value>;
  readonly shape?: Shape | undefined;
  readonly spelled?: readonly string[];
  readonly ordered?: boolean;
  readonly missing?: ReadonlyMap<Effect, number> | undefined;
  readonly said?: Site;
}

/** Only what is known is set: most scalars have nothing of it. */
export function bareScalar({ id, deps }: Pick<Scalar, "id" | "deps">, more: ScalarFacts): Value {
  const { literal, database, entries, shape, spelled, ordered, missing, said } = more;
  const scalar: Mutable<Scalar> = {
    kind: "scalar",
    id,
    deps,
  };
  if (literal !== undefined) scalar.literal = literal;
  if (database !== undefined) scalar.database = database;
  if (entries) scalar.entries = entries;
  if (shape) scalar.shape = shape;
  if (spelled) scalar.spelled = spelled;
  if (ordered) scalar.ordered = ordered;
  if (missing && missing.size > 0) scalar.missing = missing;
  if (said) scalar.said = said;
  return scalar;
}

export function isConstant(value: Value): boolean {
  if (value.kind === "scalar") return value.literal !== undefined;
  return value.kind === "class" || value.kind === "module";
}

/** A text that is equal where two values are surely the same. */
export function keyOf(value: Value): string {
  switch (value.kind) {
    case "row":
      return value.key;
    case "scalar":
      return value.literal !== undefined ? JSON.stringify(value.literal) : `#${value.id}`;
    case "query":
      return `#q${value.id}`;
    case "tuple":
      return `(${value.items.map(keyOf).join(",")})`;
    default:
      return value.dotted;
  }
}

/** What the value was made by, if that tells. */
export function shapeOf(...values: readonly Value[]): Shape | undefined {
  const shapes = values.map((one) =>
    one.kind === "scalar" ? one.shape : one.kind === "tuple" ? "collection" : undefined,
  );
  return (["arithmetic", "collection", "text"] as const).find((one) => shapes.includes(one));
}

/** `n + 1`, and not `name + "-copy"` or `names + [name]`. */
export function isArithmetic(operator: string, ...operands: readonly Value[]): boolean {
  if (!/^([-+*/|&^]|\/\/|\*\*|<<|>>)$/.test(operator)) return false;
  return !operands.some((one) => isText(one) || shapeOf(one) === "collection");
}

export function isText(value: Value): boolean {
  return value.kind === "scalar" && (typeof value.literal === "string" || value.shape === "text");
}
