import type { Span } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import { queryOf } from "./attributes.ts";
import type { Effect } from "./effect.ts";
import type { Run } from "./run.ts";
import { assignedFrom } from "./saved-columns.ts";
import { union, type Value } from "./values.ts";

/** What an entry of a log is called that is written about a row (`isLog`). */
const LOG = "manager.log";

/** `LogEntry.objects.log_action(…)`, of whatever table of logs: a manager out of sight writes an entry. */
export function writesLog(name: string, receiver: string | undefined): boolean {
  return (
    /^a?log(_action|_change|_addition|_deletion)?$/.test(name) &&
    /^(objects|_default_manager)$/.test(receiver ?? "")
  );
}

export function isLogged({ kind, name }: Effect): boolean {
  return kind === "create" && name === LOG;
}

/** An entry is made; which rows it is about are those that it is given. */
export function logWritten(run: Run, given: Given, span: Span): Value {
  const rows = given.positional.map((value, at) => [`[${at}]`, value] as const);
  run.emit("create", span, {
    query: queryOf(run, undefined, {}),
    fields: assignedFrom(run, new Map([...rows, ...given.named]), span),
    lookups: ["*"],
    deps: union(...given.values.map((one) => one.deps)),
    name: LOG,
  });
  return run.unknown();
}
