import type { Expression } from "../parse/syntax.ts";
import { type Project, textOf } from "../project/project.ts";
import { BOOLEAN, INTEGER, NUMBER, objectOf, type Schema, schemaOfName } from "./schema.ts";
import { constantText, type Node, nodesIn, type Reached } from "./walk.ts";

/** What a function reads from its request, key by key. */
export interface ReadBody {
  readonly form: boolean;
  readonly schema: ReturnType<typeof objectOf>;
}

export interface ReadRequest {
  readonly body?: ReadBody;
  /** Names of the query. */
  readonly query: readonly string[];
}

const WHOLE = /^(self\.)?request\.(data|POST|body)$/;
const QUERY = /^(self\.)?request\.(GET|query_params)$/;

interface Key {
  readonly name: string;
  readonly required: boolean;
  readonly fallback?: Expression;
  /** `int(…)` around it. */
  readonly wrapper?: string;
  readonly variable?: string;
}

/** Keys of `request.POST`, `request.data` and `json.loads(request.body)` in a handler and what it calls. */
export function readRequest(project: Project, reached: readonly Reached[]): ReadRequest {
  const keys = new Map<string, Schema>();
  const required = new Set<string>();
  const query = new Set<string>();
  let form = true;
  for (const { fn, node } of reached) {
    const nodes = nodesIn(node);
    const bodies = bodyVariables(nodes);
    const uses = usesIn(nodes, (one) => constantText(project, fn, one));
    for (const name of bodies.names) if (bodies.json.has(name)) form = false;
    const isBody = (one: Expression) =>
      WHOLE.test(textOf(one)) || isJsonOfBody(one) || (one.kind === "name" && bodies.names.has(one.id));
    for (const key of keysIn(nodes, isBody)) {
      const schema = typeOf(key, uses);
      if (!keys.has(key.name) || keys.get(key.name)?.type === "string") keys.set(key.name, schema);
      if (key.required) required.add(key.name);
    }
    for (const one of nodes)
      if (one.kind === "attribute" && /^(self\.)?request\.data$/.test(textOf(one))) form = false;
    for (const key of keysIn(nodes, (one) => QUERY.test(textOf(one)))) query.add(key.name);
  }
  return {
    query: [...query],
    ...(keys.size > 0 ? { body: { form, schema: objectOf(Object.fromEntries(keys), [...required]) } } : {}),
  };
}

function isJsonOfBody(one: Expression): boolean {
  if (one.kind !== "call") return false;
  if (!/(^|\.)(loads|parse|load)$/.test(textOf(one.callee))) return false;
  return one.args.some(({ value }) => /^(self\.)?request(\.|$)/.test(textOf(value)));
}

/** Names that stand for the body: `data = json.loads(request.body)`. */
function bodyVariables(nodes: readonly Node[]): { names: Set<string>; json: Set<string> } {
  const names = new Set<string>();
  const json = new Set<string>();
  for (const one of nodes) {
    if (one.kind !== "assign" || one.target.kind !== "name" || !one.value) continue;
    const value = one.value.kind === "conditional" ? one.value.whenTrue : one.value;
    const isJson = isJsonOfBody(value) || /^(self\.)?request\.data(\.copy|\.dict)?$/.test(textOf(value));
    if (isJson) json.add(one.target.id);
    if (isJson || /^(self\.)?request\.POST(\.copy|\.dict)?$/.test(textOf(value))) names.add(one.target.id);
  }
  return { names, json };
}

function keysIn(nodes: readonly Node[], isBody: (one: Expression) => boolean): Key[] {
  const found: Key[] = [];
  const wrappers = new Map<Expression, string>();
  const variables = new Map<Expression, string>();
  for (const one of nodes) {
    if (one.kind === "call")
      for (const { value } of one.args) wrappers.set(value, textOf(one.callee).split(".").at(-1) as string);
    if (one.kind === "assign" && one.target.kind === "name" && one.value) {
      variables.set(one.value, one.target.id);
      if (one.value.kind === "call")
        for (const { value } of one.value.args) variables.set(value, one.target.id);
    }
    const read = keyOf(one, isBody);
    if (!read) continue;
    const wrapper = wrappers.get(one as Expression);
    const variable = variables.get(one as Expression);
    found.push({ ...read, ...(wrapper ? { wrapper } : {}), ...(variable ? { variable } : {}) });
  }
  return found;
}

function keyOf(one: Node, isBody: (one: Expression) => boolean): Key | undefined {
  if (one.kind === "subscript" && isBody(one.object)) {
    const [index] = one.index;
    return index?.kind === "string" ? { name: index.value, required: true } : undefined;
  }
  if (one.kind !== "call" || one.callee.kind !== "attribute") return undefined;
  if (!/^(get|pop|getlist)$/.test(one.callee.name) || !isBody(one.callee.object)) return undefined;
  const [key, fallback] = one.args;
  if (key?.value.kind !== "string") return undefined;
  const name = key.value.value;
  return fallback ? { name, required: false, fallback: fallback.value } : { name, required: true };
}

interface Uses {
  readonly numbers: ReadonlySet<string>;
  readonly wholes: ReadonlySet<string>;
  readonly choices: ReadonlyMap<string, readonly string[]>;
}

/** What is done with a variable tells what it is: `int(n)`, `row.total += n`, `n <= 0`, `kind in ("a", "b")`. */
function usesIn(nodes: readonly Node[], text: (one: Expression) => string | undefined): Uses {
  const numbers = new Set<string>();
  const wholes = new Set<string>();
  const choices = new Map<string, string[]>();
  const note = (set: Set<string>, one: Expression | undefined) => {
    if (one?.kind === "name") set.add(one.id);
  };
  for (const one of nodes) {
    if (one.kind === "call" && /^(Decimal|decimal\.Decimal|float)$/.test(textOf(one.callee)))
      note(numbers, one.args[0]?.value);
    if (one.kind === "call" && textOf(one.callee) === "int") note(wholes, one.args[0]?.value);
    if (one.kind === "augment") note(numbers, one.value);
    if (one.kind === "binary" && /^[-+*/]$/.test(one.operator))
      for (const side of [one.left, one.right])
        if (!isText(one.left) && !isText(one.right)) note(numbers, side);
    if (one.kind !== "compare") continue;
    const [left, right] = one.operands;
    if (left?.kind !== "name" || !right) continue;
    if (right.kind === "number" || /[<>]/.test(one.operators)) numbers.add(left.id);
    const items = right.kind === "sequence" ? right.items : [right];
    const texts = items.map(text).filter((value): value is string => value !== undefined && value !== "");
    if (texts.length > 0 && texts.length === items.length)
      choices.set(left.id, [...new Set([...(choices.get(left.id) ?? []), ...texts])]);
  }
  return { numbers, wholes, choices };
}

function isText(one: Expression): boolean {
  return one.kind === "string";
}

function typeOf({ name, fallback, wrapper, variable }: Key, uses: Uses): Schema {
  if (wrapper === "int") return INTEGER;
  if (wrapper === "float" || wrapper === "Decimal") return NUMBER;
  if (wrapper === "bool") return BOOLEAN;
  if (fallback?.kind === "number") return /[.eE]/.test(fallback.text) ? NUMBER : INTEGER;
  if (fallback?.kind === "constant" && fallback.value !== null) return BOOLEAN;
  const choices = variable === undefined ? undefined : uses.choices.get(variable);
  if (choices) return { type: "string", enum: choices };
  if (variable !== undefined && uses.wholes.has(variable)) return INTEGER;
  const named = schemaOfName(name);
  if (variable !== undefined && uses.numbers.has(variable)) return named === INTEGER ? INTEGER : NUMBER;
  return named;
}
