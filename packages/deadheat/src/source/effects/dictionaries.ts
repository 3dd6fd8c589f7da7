import type { Expression } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import { identityDeps } from "./dependencies.ts";
import { compatible } from "./effect.ts";
import type { Run } from "./run.ts";
import { isConstant } from "./scalars.ts";
import { missingWhere } from "./truth.ts";
import { NONE, type Row, union, type Value } from "./values.ts";

type Subscript = Expression & { readonly kind: "subscript" };
type Attribute = Expression & { readonly kind: "attribute" };
type Scalar = Value & { readonly kind: "scalar" };
type Entries = ReadonlyMap<string, Value>;

/** What a form or serializer has validated: a dictionary that is an attribute. */
const HOLDS_ENTRIES = /^(cleaned|validated|initial)_data$/;
const ENTRY = /^\[(\w+)\]$/;

/** `data["number"] = last + 1`: what is made of the dictionary afterwards has it. True where it was noted. */
export function giveEntry(run: Run, target: Subscript, object: Value, value: Value): boolean {
  const [index] = target.index;
  // `record[field.name] = value`: under a name that nobody sees.
  if (index?.kind === "name" || index?.kind === "attribute")
    return object.kind === "scalar" && putInLocal(run, target.object, object, new Map([["*", value]]));
  if (index?.kind !== "string" || target.index.length > 1) return false;
  return put(run, target.object, object, new Map([[index.value, value]]));
}

/** `data.update(number=n)`, `data.update({"number": n})`, `data.setdefault("number", n)`. */
export function dictionaryMethod(
  run: Run,
  { object: expression, name }: Attribute,
  object: Value,
  given: Given,
): Value | undefined {
  if (name !== "update" && name !== "setdefault") return undefined;
  const [first, second] = given.positional;
  if (name === "setdefault") {
    const key = first?.kind === "scalar" ? first.literal : undefined;
    const isPut = typeof key === "string" && second && put(run, expression, object, new Map([[key, second]]));
    return isPut ? second : undefined;
  }
  const entries = new Map([...(entriesOf(run, first) ?? []), ...given.named]);
  return entries.size > 0 && put(run, expression, object, entries)
    ? run.scalar(NONE, { literal: null })
    : undefined;
}

/** What is known to be in a dictionary, by its keys. */
export function entriesOf(run: Run, value: Value | undefined): Entries | undefined {
  if (value?.kind === "scalar") return value.entries;
  if (value?.kind !== "row") return undefined;
  const found = new Map<string, Value>();
  for (const { name, value: one, steps } of value.assigned) {
    const key = ENTRY.exec(name)?.[1];
    if (key !== undefined && compatible(steps, run.steps)) found.set(key, one);
  }
  return found.size > 0 ? found : undefined;
}

/** No column of a row. */
export function isEntry(name: string): boolean {
  return name.startsWith("[");
}

/** Two ways of filling a dictionary, put together: what is there on one of them may be there. */
export function mergeEntries(values: readonly Value[]): Entries | undefined {
  const found = new Map<string, Value>();
  for (const one of values) {
    if (one.kind !== "scalar" || !one.entries) return undefined;
    for (const [key, entry] of one.entries) {
      const before = found.get(key);
      if (!before || before.deps.length < entry.deps.length) found.set(key, entry);
    }
  }
  return found;
}

function put(run: Run, at: Expression, object: Value, entries: Entries): boolean {
  if (object.kind === "scalar") return putInLocal(run, at, object, entries);
  if (object.kind !== "row" || !isDictionary(object)) return false;
  for (const [key, value] of entries) run.assign(object, `[${key}]`, value, at);
  return true;
}

/** A dictionary that is written out here: its name stands for a fuller one from now on. */
function putInLocal(run: Run, at: Expression, object: Scalar, entries: Entries): boolean {
  if (at.kind !== "name" || object.shape !== "collection" || object.literal !== undefined) return false;
  const deps = [...entries.values()].map((one) => union(one.deps, identityDeps(one)));
  run.env.set(at.id, {
    ...object,
    id: run.program.fresh(),
    entries: new Map([...(object.entries ?? []), ...entries]),
    deps: union(object.deps, ...deps),
    ...([...entries.values()].every(isConstant) ? whyNot(run, object) : {}),
  });
  return true;
}

/** `errors["night"] = "no bed left"` under a condition: whether anything is in there says what that said. */
function whyNot(run: Run, { deps, ordered, missing }: Partial<Pick<Scalar, "deps" | "ordered" | "missing">>) {
  const isOrdered = ordered === true || run.guards.some((one) => one.ordered);
  return {
    deps: union(deps ?? NONE, ...run.guards.map((one) => one.deps)),
    ...(isOrdered ? { ordered: true } : {}),
    missing: new Map([...(missing ?? []), ...missingWhere(run, true)]),
  };
}

/** `errors.append("no bed left")`, likewise. */
export function appendReason(
  run: Run,
  { object: at, name }: Attribute,
  object: Value,
  given: Given,
): boolean {
  if (name !== "append" || at.kind !== "name" || run.guards.length === 0) return false;
  const isList = object.kind === "scalar" ? object.shape === "collection" : isEmptyList(object);
  const [reason] = given.positional;
  if (!isList || reason?.kind !== "scalar" || (reason.literal === undefined && reason.shape !== "text"))
    return false;
  const before = object.kind === "scalar" ? object : {};
  const { deps, ...said } = whyNot(run, before);
  run.env.set(at.id, run.scalar(deps, { shape: "collection", ...said }));
  return true;
}

export function isEmptyList(value: Value): boolean {
  return value.kind === "tuple" && !value.many && value.items.length === 0;
}

/** Of what was given, came from a call, or was validated: nothing says that it is a row. */
function isDictionary({ model, cls, fetch, origin, parent }: Row): boolean {
  if (model || cls || fetch) return false;
  return parent ? HOLDS_ENTRIES.test(parent.name) : origin === "parameter" || origin === "call";
}
