import {
  ASKS_ONLY,
  CLIENT,
  EXTERNAL_CALL,
  EXTERNAL_METHOD,
  PUBLISHES,
  READS_LOCKED,
  SENDS,
  SLOW_CALL,
} from "../facts/names.ts";
import type { Span } from "../parse/syntax.ts";
import type { Model } from "../project/model.ts";
import { depsOfAll, type Given } from "./arguments.ts";
import { queryOf } from "./attributes.ts";
import { cacheCall } from "./cached.ts";
import { callDefinition } from "./call-definition.ts";
import { callValue, isDatabaseExpression, onlyMethod } from "./calls.ts";
import { callFunctionNode } from "./closures.ts";
import { isCondition, joinConditions } from "./conditions.ts";
import { identityDeps } from "./dependencies.ts";
import type { How } from "./expressions.ts";
import { bulkUpdate } from "./query-writes.ts";
import { elementOf } from "./rows.ts";
import { operandDeps, type Run } from "./run.ts";
import { modelGivenBy } from "./types.ts";
import { type Deps, NONE, union, type Value } from "./values.ts";

/** A call of something that is not in the project. */
export function externalCall(
  run: Run,
  dotted: string,
  self: Value | undefined,
  given: Given,
  span: Span,
  how: How,
): Value {
  const name = dotted.split(".").at(-1) as string;
  const [first] = given.positional;
  if (isDatabaseExpression(dotted)) return run.scalar(depsOfAll(given), { database: true });
  if (isCondition(dotted))
    return joinConditions(run.scalar(depsOfAll(given)), given.positional, given.named.keys());
  const library = CLIENT.exec(dotted)?.[1];
  if (library)
    return {
      kind: "module",
      dotted: library === "boto3" ? "boto3.client" : library,
      deps: depsOfAll(given),
    };
  const model = given.values.length === 0 ? modelGivenBy(run, name) : undefined;
  if (model) return model;
  switch (name) {
    case "get_object_or_404":
    case "get_object_or_none":
    case "aget_object_or_404":
      return fetchFrom(run, first, given, span);
    case "get_list_or_404":
      return queryFrom(run, first) ?? run.unknown();
    case "on_commit":
      return onCommit(run, given, span);
    case "get_user_model":
      return { kind: "class", model: run.program.models.user(), dotted: "User", deps: NONE };
    case "get_model":
      return modelClass(run, given);
    case "partial":
      return partial(given);
    case "authenticate":
      return run.row("principal", `#user${run.program.fresh()}`, { model: run.program.models.user() });
    case "bulk_update_with_history": {
      const [, table] = given.positional;
      return bulkUpdate(run, queryOf(run, table?.kind === "class" ? table.model : undefined), given, span);
    }
    case "deepcopy":
    case "copy":
    case "cast":
      return given.positional.at(name === "cast" ? 1 : 0) ?? run.unknown();
    case "async_to_sync":
    case "sync_to_async":
    case "database_sync_to_async":
      return first ?? run.unknown();
    case "login":
    case "auth_login":
      // A session is made for whoever is logged in.
      if (first?.kind === "row" && given.positional.length > 1 && /request$/.test(first.key.replace(")", "")))
        run.emit("mint", span, { name: dotted, deps: depsOfAll(given) });
      break;
    case "decode":
    case "encode":
      if (/jwt/i.test(dotted)) return jwt(run, name, dotted, given, span);
      break;
  }
  const cached = cacheCall(run, dotted, given, span, how);
  if (cached) return cached;
  if (SLOW_CALL.test(dotted)) run.emit("wait", span, { name: dotted });
  if (ASKS_ONLY.test(dotted)) return run.unknown(depsOfAll(given));
  if (
    EXTERNAL_CALL.test(dotted) ||
    EXTERNAL_METHOD.has(name) ||
    PUBLISHES.test(dotted) ||
    (/^send/.test(name) && SENDS.test(dotted) && !/signal/i.test(dotted))
  ) {
    const effect = run.emit("external", span, { name: dotted, deps: depsOfAll(given) });
    effect.tested = how.discarded !== true;
    return answerOf(run, name, depsOfAll(given), how);
  }
  // Handed to a thread, a pool, a scheduler: it runs.
  for (const value of given.values)
    if (
      value.kind === "function" &&
      /^(submit|Thread|start_new_thread|run_in_executor|apply|call_soon|create_task|retry)$/.test(name)
    )
      handOver(run, value, given, span);
  if (READS_LOCKED.test(name)) return queryOf(run, undefined, { locked: true, opaque: true });
  return command(run, dotted, self, given, span, how);
}

function command(
  run: Run,
  dotted: string,
  self: Value | undefined,
  given: Given,
  span: Span,
  how: How,
): Value {
  const name = dotted.split(".").at(-1) as string;
  if (self && self.kind !== "function") {
    const only = onlyMethod(run, name);
    if (only && self.kind !== "class")
      return callDefinition(run, only, self, given.positional, span, { named: given.named, ...how });
  }
  const rows = given.values.filter((one) => one.kind === "row");
  if (how.discarded && rows.length > 0)
    run.emit("command", span, {
      name: dotted,
      deps: depsOfAll(given),
      ...(rows[0]?.kind === "row" ? { row: rows[0] } : {}),
    });
  // `unique_slug(title, Article)`: what it was given decides what it gives; a table given to it is read.
  const deps = depsOfAll(given);
  const model = how.discarded ? undefined : tableGiven(given, name);
  if (model) {
    const effect = run.emit("list", span, {
      query: queryOf(run, model, { opaque: true }),
      model,
      name: dotted,
    });
    return run.unknown(union(deps, [{ kind: "query", effect }]));
  }
  if (isCreation(name) && !how.discarded) return answerOf(run, name, deps, how);
  // `Status.of(given)`: of a parameter, whatever is given for it.
  const whole = given.values.map((one, at) => operandDeps(run, one, given.expressions[at]?.value ?? span));
  return run.unknown(how.discarded ? deps : union(deps, ...whole));
}

function isCreation(name: string): boolean {
  return /^create(_|$)/.test(name);
}

/** What a call out of sight gives: of one that creates, what nobody else has. */
export function answerOf(run: Run, name: string, deps: Deps, { discarded }: How): Value {
  const answer = run.unknown(deps);
  return isCreation(name) && !discarded ? Object.assign(answer, { isMade: true }) : answer;
}

/** A class of rows; or a row that is not saved yet, for which something free is looked for. */
function tableGiven({ values }: Given, name: string): Model | undefined {
  for (const one of values) if (one.kind === "class" && one.model) return one.model;
  if (!LOOKS_FOR_FREE.test(name)) return undefined;
  for (const one of values)
    if (one.kind === "row" && one.model && one.origin === "new" && !one.fetch) return one.model;
  return undefined;
}

const LOOKS_FOR_FREE = /(^|_)(unique|next|free|available|unused)_/;

function handOver(run: Run, value: Value & { readonly kind: "function" }, given: Given, span: Span): void {
  const rest = given.positional.filter((one) => one !== value);
  if (value.closure) callFunctionNode(run, value.closure, rest, span);
  else if (value.fn)
    callDefinition(run, value.fn, value.self, rest, span, { named: new Map(), discarded: true });
}

function queryFrom(run: Run, value: Value | undefined): Value | undefined {
  if (value?.kind === "query") return value;
  if (value?.kind === "class")
    return queryOf(run, value.model ?? run.program.models.named(value.dotted.split(".").at(-1) as string));
  return undefined;
}

function fetchFrom(run: Run, first: Value | undefined, given: Given, span: Span): Value {
  const query = queryFrom(run, first);
  if (query?.kind !== "query") {
    // `get_object_or_404(self.queryset, …)`: whatever it reads, it reads a row.
    return elementOf(run, queryOf(run, undefined, { opaque: true }), span, "fetch");
  }
  const filters = [...given.named].map(([lookup, value]) => ({ lookup, value, exclude: false }));
  return elementOf(
    run,
    {
      ...query,
      filters: [...query.filters, ...filters],
      opaque: query.opaque || given.positional.length > 1,
      deps: union(query.deps, ...given.values.map((one) => one.deps)),
    },
    span,
    "fetch",
  );
}

/** What is run when the transaction has committed: after it, and outside of it. */
export function onCommit(run: Run, given: Pick<Given, "positional">, span: Span): Value {
  const { txns, deferred } = run;
  run.txns = [];
  run.deferred = true;
  const [callback] = given.positional;
  if (callback?.kind === "function") {
    const args = callback.partial ?? [];
    callValue(
      run,
      { ...callback },
      { expressions: [], values: args, positional: args, named: new Map() },
      span,
      { discarded: true },
      callback.dotted,
    );
  }
  run.txns = txns;
  run.deferred = deferred;
  return run.unknown();
}

function partial(given: Given): Value {
  const [target, ...rest] = given.positional;
  if (target?.kind === "function") return { ...target, partial: rest };
  return target ?? { kind: "scalar", id: 0, deps: NONE };
}

function modelClass(run: Run, given: Given): Value {
  const last = given.positional.at(-1);
  if (last?.kind !== "scalar" || typeof last.literal !== "string") return run.unknown();
  const model = run.program.models.registered(last.literal);
  return {
    kind: "class",
    model,
    ...(model.definition ? { cls: model.definition } : {}),
    dotted: model.name,
    deps: NONE,
  };
}

function jwt(run: Run, name: string, dotted: string, given: Given, span: Span): Value {
  run.emit(name === "decode" ? "decode" : "mint", span, { name: dotted, deps: depsOfAll(given) });
  return run.unknown(union(depsOfAll(given), ...given.values.map(identityDeps)));
}
