import { CHAINS, READS_LOCKED, RELATION_WRITES, TERMINALS } from "../facts/names.ts";
import type { Span } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import { attributeOf } from "./attributes.ts";
import { callDefinition } from "./call-definition.ts";
import { callValue } from "./calls.ts";
import { collectionOf } from "./collections.ts";
import { identityDeps } from "./dependencies.ts";
import type { How } from "./expressions.ts";
import { logWritten, writesLog } from "./logs.ts";
import { chain, filtered } from "./query-chains.ts";
import { bulkUpdate, created, getOrCreate, update } from "./query-writes.ts";
import { elementOf, keyOfLocked, modelOf } from "./rows.ts";
import type { Run } from "./run.ts";
import { type Query, union, type Value } from "./values.ts";

/** `await qs.aget()` does what `qs.get()` does. */
export function withoutAsync(name: string): string {
  return name.startsWith("a") &&
    (TERMINALS.has(name.slice(1)) || /^(save|refresh_from_db|iterator)$/.test(name.slice(1)))
    ? name.slice(1)
    : name;
}

export function isQueryMethod(name: string): boolean {
  return CHAINS.has(name) || TERMINALS.has(withoutAsync(name)) || RELATION_WRITES.has(name);
}

export function queryMethod(
  run: Run,
  query: Query,
  called: string,
  given: Given,
  span: Span,
  how: How,
): Value {
  const name = withoutAsync(called);
  if (CHAINS.has(name)) return chain(run, query, name, given, span);
  switch (name) {
    case "get":
    case "first":
    case "last":
    case "latest":
    case "earliest":
      return oneOf(run, name === "get" ? filtered(run, query, given, false) : query, span, name);
    case "exists":
    case "contains":
      return counted(run, query, "exists", span);
    case "count":
      return counted(run, query, "count", span);
    case "aggregate":
      return counted(run, query, "aggregate", span);
    case "in_bulk": {
      const row = elementOf(run, query, span, "list", name);
      return collectionOf(row, identityDeps(row));
    }
    case "update":
      return update(run, query, given, span, how);
    case "delete":
    case "_raw_delete": {
      const effect = run.emit("delete", span, { query, ...modelOf(query), deps: query.deps, name });
      effect.tested = how.discarded !== true;
      return run.scalar([{ kind: "query", effect }]);
    }
    case "create":
    case "create_user":
    case "create_superuser":
    case "bulk_create":
      return created(run, query, given, span, name);
    case "bulk_update":
      return bulkUpdate(run, query, given, span);
    case "get_or_create":
    case "update_or_create":
      if (isOwnManagers(run, query, called)) return custom(run, query, called, given, span, how);
      return getOrCreate(run, query, given, span, name, how);
    case "add":
    case "remove":
    case "set":
    case "clear":
      run.emit(name === "add" || name === "set" ? "create" : "delete", span, {
        query,
        ...modelOf(query),
        deps: union(...given.values.map((one) => one.deps)),
        name: `relation.${name}`,
      });
      return run.unknown();
    // A manager makes a row of its own table: `self.model(email=email)`.
    case "model":
      return callValue(run, attributeOf(run, query, name, span), given, span, how, name);
    default:
      return custom(run, query, called, given, span, how);
  }
}

function oneOf(run: Run, query: Query, span: Span, name: string): Value {
  const row = elementOf(run, query, span, "fetch", name);
  return query.flat === undefined ? row : attributeOf(run, row, query.flat, span);
}

function counted(run: Run, query: Query, kind: "exists" | "count" | "aggregate" | "list", span: Span): Value {
  // Django takes the lock off a query that it counts: `len(rows)` reads and locks them, `rows.count()` does neither.
  const isUnlocked = query.locked && (kind === "count" || kind === "aggregate");
  const asked = isUnlocked ? { ...query, locked: false } : query;
  const effect = run.emit(kind, span, {
    query: asked,
    ...keyOfLocked(run, asked),
    ...modelOf(query),
    deps: query.deps,
  });
  return run.scalar([{ kind: "query", effect }]);
}

/** `def get_or_create(self, **kwargs)` of the model's manager: what it looks for is not what it is given. */
function isOwnManagers(
  { program: { models, project } }: Run,
  { model, isSelf }: Query,
  name: string,
): boolean {
  if (!model || isSelf) return false;
  return models.managerOf(model, "objects").some((one) => project.method(one, name) !== undefined);
}

/** A method that a manager or queryset of the project adds. Out of sight, it gives a queryset of the same rows. */
function custom(run: Run, query: Query, name: string, given: Given, span: Span, how: How): Value {
  const { models, project } = run.program;
  const classes = query.model
    ? [...models.managerOf(query.model, "objects"), ...models.managerOf(query.model, "_default_manager")]
    : [];
  for (const cls of classes) {
    const method = project.method(cls, name);
    if (method) return callDefinition(run, method, query, given.values, span, { named: given.named, ...how });
  }
  const only = project
    .methodsNamed(name)
    .filter((one) => one.owner && /(Manager|QuerySet)$/.test(one.owner.name));
  if (only.length === 1)
    return callDefinition(run, only[0]!, query, given.values, span, { named: given.named, ...how });
  if (writesLog(name, query.model ? "objects" : undefined)) return logWritten(run, given, span);
  // `invalidated_update(seen=now)`: an update that does something beside.
  if (/_update$/.test(name) && given.named.size > 0 && given.positional.length === 0)
    return update(run, query, given, span, how);
  if (/^(get|fetch|find)_/.test(name) && !/_(all|list|many|queryset|qs)$/.test(name) && !/s$/.test(name))
    return elementOf(run, { ...query, opaque: true }, span, "fetch");
  return {
    ...query,
    id: run.program.fresh(),
    opaque: true,
    locked: query.locked || READS_LOCKED.test(name),
    deps: union(query.deps, ...given.values.map((one) => one.deps)),
  };
}
