import type { Program } from "../effects/program.ts";
import type { Expression } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { BOOLEAN, INTEGER, NUMBER, objectOf, type Schema, STRING, schemaOfName } from "./schema.ts";
import { columnSchema } from "./serializer-field.ts";
import { isSerializer } from "./serializer-meta.ts";
import { serializerSchema } from "./serializers.ts";
import { type Node, nodesIn, type Reached } from "./walk.ts";

/** A status and, where the source shows it, what stands in the answer. */
export interface Answer {
  readonly status: number;
  readonly schema?: Schema;
}

const ANSWERS = /^(Response|JsonResponse|HttpResponse\w*)$/;
const CLASSES: Readonly<Record<string, number>> = {
  HttpResponseBadRequest: 400,
  HttpResponseForbidden: 403,
  HttpResponseNotFound: 404,
  HttpResponseNotAllowed: 405,
  HttpResponseRedirect: 302,
  HttpResponseServerError: 500,
};

/** The answers that a handler and what it calls return, one a status. */
export function answersOf(
  program: Program,
  reached: readonly Reached[],
  view: ClassDefinition | undefined,
): Answer[] {
  const found = new Map<number, Answer>();
  for (const { fn, node } of reached) {
    const nodes = nodesIn(node);
    const assigned = assignments(nodes);
    for (const one of nodes) {
      if (one.kind !== "call") continue;
      const name = textOf(one.callee).split(".").at(-1) as string;
      if (!ANSWERS.test(name)) continue;
      const given = one.args.find((arg) => arg.name === "status")?.value;
      const status = statusOf(given) ?? CLASSES[name] ?? 200;
      const content =
        one.args.find((arg) => arg.name === "data")?.value ?? one.args.find((arg) => !arg.name)?.value;
      const schema =
        content && name !== "HttpResponse"
          ? contentSchema(program, fn, view, content, assigned, 0)
          : undefined;
      if (!found.get(status)?.schema) found.set(status, { status, ...(schema ? { schema } : {}) });
    }
  }
  return [...found.values()].sort((a, b) => a.status - b.status);
}

function statusOf(value: Expression | undefined): number | undefined {
  if (value?.kind === "number") return Number(value.text);
  const code = value && /HTTP_(\d{3})/.exec(textOf(value))?.[1];
  return code ? Number(code) : undefined;
}

/** The last value that each name was given; for all that is known, branches make no difference to its shape. */
function assignments(nodes: readonly Node[]): Map<string, Expression> {
  const found = new Map<string, Expression>();
  for (const one of nodes)
    if (one.kind === "assign" && one.target.kind === "name" && one.value) found.set(one.target.id, one.value);
  return found;
}

const DEEPEST = 4;

function contentSchema(
  program: Program,
  fn: FunctionDefinition,
  view: ClassDefinition | undefined,
  value: Expression,
  assigned: ReadonlyMap<string, Expression>,
  depth: number,
): Schema | undefined {
  if (depth > DEEPEST) return undefined;
  const inner = (one: Expression) => contentSchema(program, fn, view, one, assigned, depth + 1);
  if (value.kind === "dictionary") {
    const pairs = value.pairs.flatMap(({ key, value: content }) =>
      key?.kind === "string" ? [[key.value, valueSchema(program, key.value, content, inner)] as const] : [],
    );
    return objectOf(Object.fromEntries(pairs));
  }
  if (value.kind === "name") {
    const known = assigned.get(value.id);
    return known && known !== value ? inner(known) : undefined;
  }
  if (value.kind === "attribute" && value.name === "data")
    return serialized(program, fn, view, value.object, assigned);
  if (value.kind === "sequence" || value.kind === "comprehension") {
    const first = value.kind === "sequence" ? value.items[0] : value.body[0];
    return { type: "array", items: (first && inner(first)) ?? {} };
  }
  return undefined;
}

function valueSchema(
  program: Program,
  name: string,
  value: Expression,
  inner: (one: Expression) => Schema | undefined,
): Schema {
  if (value.kind === "string") return STRING;
  if (value.kind === "number") return /[.eE]/.test(value.text) ? NUMBER : INTEGER;
  if (value.kind === "constant" && value.value !== null) return BOOLEAN;
  if (value.kind === "call") {
    const callee = textOf(value.callee);
    if (callee === "str") return STRING;
    if (callee === "int" || callee === "len") return INTEGER;
    if (callee === "float") return NUMBER;
  }
  if (value.kind === "attribute") return columnNamed(program, value.name) ?? schemaOfName(value.name);
  return inner(value) ?? columnNamed(program, name) ?? schemaOfName(name);
}

const columns = new WeakMap<Program, Map<string, Schema>>();

/** `profile.score`: what a column of that name is, where all models of the project agree. */
function columnNamed(program: Program, name: string): Schema | undefined {
  let known = columns.get(program);
  if (!known) {
    known = new Map();
    for (const module of program.project.modules)
      for (const cls of module.classes.values()) {
        if (!program.models.isModel(cls)) continue;
        for (const field of program.models.fields(program.models.of(cls)).values()) {
          const schema = columnSchema(field);
          const before = known.get(field.name);
          known.set(field.name, before && before.type !== schema.type ? {} : schema);
        }
      }
    columns.set(program, known);
  }
  const found = known.get(name);
  return found?.type === undefined ? undefined : found;
}

/** `serializer.data`, `UserSerializer(user).data`, `self.get_serializer(page, many=True).data`. */
function serialized(
  program: Program,
  fn: FunctionDefinition,
  view: ClassDefinition | undefined,
  made: Expression,
  assigned: ReadonlyMap<string, Expression>,
): Schema | undefined {
  const call = made.kind === "name" ? assigned.get(made.id) : made;
  if (call?.kind !== "call") return undefined;
  const cls = serializerNamed(program, fn, view, call.callee);
  if (!cls) return undefined;
  const schema = serializerSchema(program, cls, "response");
  const many = call.args.some(
    (one) => one.name === "many" && one.value.kind === "constant" && one.value.value === true,
  );
  return many ? { type: "array", items: schema } : schema;
}

/** The serializer class that an expression calls: by name, or the view's own. */
export function serializerNamed(
  program: Program,
  fn: FunctionDefinition,
  view: ClassDefinition | undefined,
  callee: Expression,
  action?: string,
): ClassDefinition | undefined {
  if (/^self\.(get_serializer|serializer_class)$/.test(textOf(callee)))
    return view && serializerOf(program, view, action);
  const found = program.project.resolve(fn.module, callee);
  return found?.kind === "class" && isSerializer(program, found) ? found : undefined;
}

/** A view's `serializer_class`, or the first that its `get_serializer_class` returns. */
export function serializerOf(
  program: Program,
  view: ClassDefinition,
  action?: string,
): ClassDefinition | undefined {
  const chosen = program.project.method(view, "get_serializer_class");
  const names = chosen ? returnedBy(program, chosen, view, action) : undefined;
  if (names) return names;
  const given = program.project.attribute(view, "serializer_class");
  const found = given && program.project.resolve(given.owner.module, given.value);
  return found?.kind === "class" ? found : undefined;
}

/** `if self.action == "list": return A` … `return B`: the one for this action, else the last. */
function returnedBy(
  program: Program,
  fn: FunctionDefinition,
  view: ClassDefinition,
  action: string | undefined,
): ClassDefinition | undefined {
  const classOf = (value: Expression | undefined) => {
    const own =
      value && textOf(value) === "self.serializer_class"
        ? program.project.attribute(view, "serializer_class")
        : undefined;
    const found = value && program.project.resolve(own?.owner.module ?? fn.module, own?.value ?? value);
    return found?.kind === "class" ? found : undefined;
  };
  const nodes = nodesIn(fn.decode());
  for (const one of nodes) {
    if (one.kind !== "if" || action === undefined) continue;
    const names = nodesIn([{ ...one, kind: "expression", value: one.test }]).flatMap((inner) =>
      inner.kind === "string" ? [inner.value] : [],
    );
    const returned = one.whenTrue.find((inner) => inner.kind === "return");
    if (names.includes(action) && returned?.kind === "return") {
      const found = classOf(returned.value);
      if (found) return found;
    }
  }
  const last = nodes.filter((one) => one.kind === "return").at(-1);
  return last?.kind === "return" ? classOf(last.value) : undefined;
}
