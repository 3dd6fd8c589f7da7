import type { Leaf, Slot } from "../plan/operation.ts";
import { isObject, type Json, type JsonObject, put } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { resolveObject } from "./document/resolve.ts";

const MAX_DEPTH = 5;
const SECRET_NAME =
  /pass(word|wd|phrase|code)?[_-]?\d?$|pass(word)?[_-]?(confirm|repeat|again)|^pwd$|secret$|^pin$/i;
const NUMERIC_FORMATS = ["decimal", "double", "float", "int32", "int64"];
/** A pattern that allows one text only. */
const LITERAL = /^\^?([A-Za-z0-9_-]+)\$?$/;

/** One schema with `$ref` followed, `allOf` merged and the first alternative of `oneOf`/`anyOf` taken. */
export function flatten(document: OpenApiDocument, node: Json | undefined): JsonObject {
  if (!isObject(node)) return {};
  const known = document.flattened.get(node);
  if (known) return known;
  const flat = flattenTo(document, node, 0);
  document.flattened.set(node, flat);
  return flat;
}

function flattenTo(document: OpenApiDocument, node: Json | undefined, depth: number): JsonObject {
  const target = resolveObject(document, node);
  if (!target || depth > MAX_DEPTH) return {};
  const schema = document.siblings && isObject(node) && node !== target ? beside(node, target) : target;
  if (![schema.allOf, schema.oneOf, schema.anyOf].some(Array.isArray)) return schema;
  let merged: JsonObject = { ...schema };
  const parts = [
    ...(Array.isArray(schema.allOf) ? schema.allOf : []),
    ...[schema.oneOf, schema.anyOf].flatMap((list) =>
      Array.isArray(list) ? [firstUseful(document, list)] : [],
    ),
  ];
  for (const part of parts) merged = merge(merged, flattenTo(document, part, depth + 1));
  return merged;
}

/** What stands beside a `$ref` applies together with what it leads to (JSON Schema 2020-12 §8.2.3.1). */
function beside({ $ref: _, ...own }: JsonObject, target: JsonObject): JsonObject {
  return Object.keys(own).length === 0 ? target : { ...own, allOf: [...listOf(own.allOf), target] };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function firstUseful(document: OpenApiDocument, alternatives: readonly Json[]): Json {
  return alternatives.find((one) => resolveObject(document, one)?.type !== "null") ?? {};
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const properties = {
    ...(isObject(a.properties) ? a.properties : {}),
    ...(isObject(b.properties) ? b.properties : {}),
  };
  const required = [...list(a.required), ...list(b.required)];
  return {
    ...b,
    ...a,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** The schema's type; `null` beside another type (OpenAPI 3.1) does not count. */
export function typeOf(schema: JsonObject): string | undefined {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== "null") : schema.type;
  if (typeof type === "string") return type;
  if (isObject(schema.properties)) return "object";
  if (schema.items !== undefined) return "array";
  return undefined;
}

/** A value that satisfies the schema, and the scalars in it that may be varied. */
export function sample(document: OpenApiDocument, node: Json | undefined): { value: Json; slots: Slot[] } {
  const slots: Slot[] = [];
  const value = build(document, node, { pointer: "", name: "", required: true, depth: 0 }, slots);
  return { value, slots };
}

interface Place {
  readonly pointer: string;
  readonly name: string;
  readonly required: boolean;
  readonly depth: number;
}

function build(document: OpenApiDocument, node: Json | undefined, place: Place, slots: Slot[]): Json {
  const schema = flatten(document, node);
  const type = typeOf(schema);
  if (type === "object") return buildObject(document, schema, place, slots);
  if (type === "array") return buildArray(document, schema, place);
  if (type === "string" || type === "integer" || type === "number") slots.push(slotOf(schema, type, place));
  return scalar(schema, type);
}

function buildObject(document: OpenApiDocument, schema: JsonObject, place: Place, slots: Slot[]): Json {
  const value: JsonObject = {};
  const properties = isObject(schema.properties) ? schema.properties : {};
  // A body with a password whose author marked nothing as required does not mean that nothing is.
  const forSecrets = Object.keys(properties).some((name) => SECRET_NAME.test(name));
  const unmarked = forSecrets && schema.required === undefined;
  const required = new Set(unmarked ? Object.keys(properties) : list(schema.required));
  for (const [name, property] of Object.entries(properties)) {
    const flat = flatten(document, property);
    const pointer = `${place.pointer}/${escapePointer(name)}`;
    const inner = { pointer, name, required: required.has(name), depth: place.depth + 1 };
    if (flat.readOnly === true || inner.depth > MAX_DEPTH) continue;
    // Optional parts are left out: what need not be sent cannot be wrong. Optional numbers may accumulate.
    if (inner.required || holdsNumber(document, flat, inner.depth))
      put(value, name, build(document, property, inner, slots));
    // Which of several texts is wanted is for the caller to try: a login takes a name or an e-mail and
    // needs neither, it says. A file is no text.
    else if (typeOf(flat) === "string" && flat.format !== "binary") build(document, property, inner, slots);
  }
  return value;
}

function buildArray(document: OpenApiDocument, schema: JsonObject, place: Place): Json {
  const count = typeof schema.minItems === "number" ? Math.min(schema.minItems, 3) : 0;
  const inner = { ...place, depth: place.depth + 1 };
  return Array.from({ length: count }, () => build(document, schema.items, inner, []));
}

export function slotOf(schema: JsonObject, type: Slot["type"], place: Place): Slot {
  const bounds = {
    minimum: bound(schema, "minimum", "exclusiveMinimum", 1),
    maximum: bound(schema, "maximum", "exclusiveMaximum", -1) ?? largestWritten(schema),
    minLength: number(schema.minLength),
    maxLength: number(schema.maxLength),
    format: typeof schema.format === "string" ? schema.format : undefined,
    pattern: typeof schema.pattern === "string" ? schema.pattern : undefined,
  };
  return {
    pointer: place.pointer,
    type,
    ...(type === "string" && isNumeric(schema) ? { numeric: true as const } : {}),
    required: place.required,
    secret: schema.format === "password" || (type === "string" && SECRET_NAME.test(place.name)),
    ...(Array.isArray(schema.enum) ? { values: schema.enum.filter((one) => one !== null) } : {}),
    ...(isShown(schema) ? { shown: true as const } : {}),
    fixed: schema.enum !== undefined || schema.const !== undefined || literalOf(schema) !== undefined,
    ...(Object.fromEntries(
      Object.entries(bounds).filter(([, value]) => value !== undefined),
    ) as Partial<Slot>),
  };
}

function isShown({ example, examples, default: usual }: JsonObject): boolean {
  return [example, first(examples), usual].some((one) => one !== undefined && one !== null);
}

/** Text that can only be a number: `format: decimal`, or a pattern that takes decimals and no words. */
export function isNumeric(schema: JsonObject): boolean {
  if (typeOf(schema) !== "string" || schema.enum !== undefined) return false;
  if (typeof schema.format === "string") return NUMERIC_FORMATS.includes(schema.format);
  if (typeof schema.pattern !== "string") return false;
  try {
    const pattern = new RegExp(schema.pattern, "u");
    return pattern.test("1") && pattern.test("1.5") && !pattern.test("a") && !pattern.test("1a");
  } catch {
    return false;
  }
}

const MOST_DIGITS = 15;

/** Of a number that travels as text: the largest whole one that its pattern takes (`^\\d{0,3}(\\.\\d{0,2})?$`: 999). */
function largestWritten(schema: JsonObject): number | undefined {
  if (!isNumeric(schema) || typeof schema.pattern !== "string") return undefined;
  let pattern: RegExp;
  try {
    pattern = new RegExp(schema.pattern, "u");
  } catch {
    return undefined;
  }
  let digits = 0;
  while (digits < MOST_DIGITS && pattern.test("9".repeat(digits + 1))) digits++;
  return digits === 0 || digits === MOST_DIGITS ? undefined : 10 ** digits - 1;
}

/** A number, or an object with one somewhere in it. */
function holdsNumber(document: OpenApiDocument, schema: JsonObject, depth: number): boolean {
  const type = typeOf(schema);
  if (type === "integer" || type === "number" || isNumeric(schema)) return true;
  if (type !== "object" || !isObject(schema.properties) || depth > MAX_DEPTH) return false;
  return Object.values(schema.properties).some((one) =>
    holdsNumber(document, flatten(document, one), depth + 1),
  );
}

function literalOf(schema: JsonObject): string | undefined {
  return typeof schema.pattern === "string" ? LITERAL.exec(schema.pattern)?.[1] : undefined;
}

function bound(schema: JsonObject, inclusive: string, exclusive: string, step: number): number | undefined {
  const strict = schema[exclusive];
  // 3.0 writes `exclusiveMinimum: true` beside `minimum`, 3.1 writes the number itself.
  if (typeof strict === "number") return strict + step;
  const limit = number(schema[inclusive]);
  return limit !== undefined && strict === true ? limit + step : limit;
}

function scalar(schema: JsonObject, type: string | undefined): Json {
  for (const given of [
    schema.const,
    first(schema.enum),
    schema.example,
    first(schema.examples),
    schema.default,
  ])
    if (given !== undefined && given !== null) return given;
  if (type === "integer" || type === "number") {
    const low = bound(schema, "minimum", "exclusiveMinimum", 1);
    const high = bound(schema, "maximum", "exclusiveMaximum", -1);
    return Math.max(low ?? 1, Math.min(1, high ?? 1));
  }
  if (type === "boolean") return true;
  if (type === "string" && isNumeric(schema)) return "1";
  if (type === "string") return literalOf(schema) ?? stringOf(schema);
  return null;
}

function stringOf(schema: JsonObject): string {
  switch (schema.format) {
    case "date-time":
      return "2030-01-01T00:00:00Z";
    case "date":
      return "2030-01-01";
    case "uuid":
      return "00000000-0000-4000-8000-000000000000";
    case "email":
      return "deadheat@example.com";
    case "uri":
      return "https://example.com/";
    default:
      return "deadheat".padEnd(number(schema.minLength) ?? 0, "x").slice(0, number(schema.maxLength) ?? 64);
  }
}

/**
 * The scalar leaves of an answer. Arrays are not entered: their places are not stable between two reads. How
 * many items one has is a leaf.
 */
export function leavesOf(document: OpenApiDocument, node: Json | undefined, pointer = "", depth = 0): Leaf[] {
  const schema = flatten(document, node);
  const type = typeOf(schema);
  if (type === "object" && depth < MAX_DEPTH && isObject(schema.properties)) {
    return Object.entries(schema.properties).flatMap(([name, property]) =>
      leavesOf(document, property, `${pointer}/${escapePointer(name)}`, depth + 1),
    );
  }
  if (type === "array") return [{ pointer: `${pointer}/-`, type: "integer", count: true }];
  if (type !== "integer" && type !== "number" && type !== "string" && type !== "boolean") return [];
  return [{ pointer, type, ...(typeof schema.format === "string" ? { format: schema.format } : {}) }];
}

export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function list(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function first(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? value[0] : undefined;
}

function number(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
