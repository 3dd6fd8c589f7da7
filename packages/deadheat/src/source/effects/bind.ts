import type { FunctionDefinition } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import { textOf } from "../project/project.ts";
import type { Summary } from "./program.ts";
import type { Run } from "./run.ts";
import { NONE, type Row, type Value } from "./values.ts";

/** Which parameter of `fn` gets which argument of a call; those with a default that nobody gave are left out. */
export function bind(
  fn: FunctionDefinition,
  self: Value | undefined,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Map<string, Value> {
  const bound = new Map<string, Value>();
  const node = fn.signature();
  const isStatic = node.decorators.some((one) => textOf(one) === "staticmethod");
  const takesSelf = fn.owner !== undefined && !isStatic && self !== undefined;
  const values =
    takesSelf && !(self.kind === "class" && node.parameters[0]?.name === "self")
      ? [self, ...positional]
      : positional;
  const plain = node.parameters.filter((one) => !one.spread);
  for (const [index, parameter] of plain.entries()) {
    const value = named.get(parameter.name) ?? values[index];
    if (value) bound.set(parameter.name, value);
  }
  const rest = node.parameters.find((one) => one.spread === "*");
  if (rest && values.length > plain.length)
    bound.set(rest.name, { kind: "tuple", items: values.slice(plain.length), deps: NONE });
  return bound;
}

/** By the names of the tables in a called function: those that are meant here, by what its parameters are bound to. */
export function tablesMeant(
  run: Run,
  parameters: Summary["parameters"],
  bound: ReadonlyMap<string, Value>,
): Map<string, Model> {
  const tables = new Map<string, Model>();
  for (const [name, value] of parameters) {
    const given = bound.get(name);
    // One manager of several tables: in there it is the first one's, here the one that was called.
    if (value.kind === "query" && value.isSelf && value.model && given?.kind === "query" && given.model)
      tables.set(value.model.name, given.model);
    // A class method that is inherited: `cls.objects` in there is, here, the table of the class that was called.
    if (value.kind === "class" && value.model && given?.kind === "class" && given.model)
      tables.set(value.model.name, given.model);
    noteOwnTable(run, tables, value, given);
    // `def unique(value, model): model.objects…`: the table is the one of the class that was given.
    if (value.kind === "row" && given?.kind === "class") {
      const last = given.dotted.split(".").at(-1) as string;
      tables.set(value.key, given.model ?? run.program.models.named(last));
    }
  }
  return tables;
}

/** `self.__class__.objects` in an abstract class: the table is the one of the class below that was called. */
function noteOwnTable(run: Run, tables: Map<string, Model>, value: Value, given: Value | undefined): void {
  if (value.kind !== "row" || value.origin !== "self" || !value.model || given?.kind !== "row") return;
  const { model } = given;
  if (model?.definition && model !== value.model && run.program.models.isAbstract(value.model))
    tables.set(value.model.name, model);
}

/** Rows found by a parameter's key are, here, the rows of what was given. */
export function keyMeant(
  run: Run,
  parameters: Summary["parameters"],
  bound: ReadonlyMap<string, Value>,
  row: Row,
): string {
  for (const [name, value] of parameters) {
    const given = bound.get(name);
    if (value.kind !== "row" || !given) continue;
    if (row.key === value.key || row.key.startsWith(`${value.key}.`)) {
      const base = given.kind === "row" ? given.key : `#${run.program.fresh()}`;
      return `${base}${row.key.slice(value.key.length)}`;
    }
  }
  // (`get_or_create` in there: of each call its own, whatever it was called with.)
  if (!row.key.startsWith("#") && row.origin !== "new" && !/\]#\d+$/.test(row.key)) return row.key;
  const own = `@${run.program.fresh()}`;
  return `${row.key}${own}`;
}
