import type { FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { NONE, type Value } from "./values.ts";

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
