import type { Program } from "../effects/program.ts";
import type { Expression } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { INTEGER, type ObjectSchema, objectOf, type Schema, STRING, schemaOfType } from "./schema.ts";
import { choices, constant, DEEPEST, limits, modelField, type SerializerField } from "./serializer-field.ts";
import { extraOf, fieldNames, isSerializer, metaOf, modelOf, stringsOf } from "./serializer-meta.ts";

/** Which side of a serializer: what it takes, or what it gives. */
export type Side = "request" | "response";

const SECRET = /^(password\d?|new_password\d?|old_password|secret)$/;

/** A serializer class as a schema, as far as its source and its model's tell. */
export function serializerSchema(
  program: Program,
  cls: ClassDefinition,
  side: Side,
  depth = 0,
): ObjectSchema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  const put = (name: string, field: SerializerField | undefined) => {
    if (!field || (side === "request" ? field.readOnly : field.writeOnly)) return;
    properties[name] = field.schema;
    if (side === "request" && field.required) required.push(name);
  };
  const declared = declaredFields(program, cls, side, depth);
  const meta = metaOf(program, cls);
  const model = meta && modelOf(program, meta);
  const names = meta ? fieldNames(program, meta, model, declared) : [...declared.keys()];
  const readOnly = new Set(stringsOf(meta?.attributes.get("read_only_fields")));
  const extra = extraOf(meta?.attributes.get("extra_kwargs"));
  for (const name of names) {
    const own = declared.get(name) ?? (model && modelField(program, model, name));
    const known = own ?? { schema: STRING, required: false, readOnly: true, writeOnly: false };
    const marked = { ...known, ...extra.get(name), ...(readOnly.has(name) ? { readOnly: true } : {}) };
    put(name, SECRET.test(name) ? { ...marked, schema: secret(marked.schema) } : marked);
  }
  const read = side === "request" ? keysRead(program, cls) : [];
  const known = new Set(required);
  return objectOf(properties, [
    ...required,
    ...read.filter((name) => properties[name] !== undefined && !known.has(name)),
  ]);
}

/** `validated_data["email"]`: what `create` and `validate` read has to be there, whatever the column allows. */
function keysRead({ project }: Program, cls: ClassDefinition): string[] {
  const names = project
    .lineage(cls)
    .classes.flatMap((one) => [...one.methods.values()])
    .filter(({ name }) => /^(create|validate|save)$/.test(name))
    .flatMap((fn) => [
      ...fn
        .text()
        .matchAll(/\b(?:validated_data|attrs|data)(?:\[|\.get\()\s*["'](\w+)["']\s*[\])](?!\s*=[^=])/g),
    ])
    .map((match) => match[1] as string);
  return [...new Set(names)];
}

function secret(schema: Schema): Schema {
  return { ...schema, format: "password", writeOnly: true };
}

/** Fields written out in the class and those above it. */
function declaredFields(program: Program, cls: ClassDefinition, side: Side, depth: number) {
  const found = new Map<string, SerializerField>();
  const { classes, external } = program.project.lineage(cls);
  for (const base of external) for (const [name, field] of libraryFields(base)) found.set(name, field);
  for (const owner of [...classes].reverse())
    for (const [name, value] of owner.attributes) {
      const field = fieldOf(program, owner, value, side, depth);
      if (field) found.set(name, field);
    }
  return found;
}

function fieldOf(
  program: Program,
  owner: ClassDefinition,
  value: Expression,
  side: Side,
  depth: number,
): SerializerField | undefined {
  if (value.kind !== "call") return undefined;
  const type = textOf(value.callee).split(".").at(-1) as string;
  const inner = program.project.resolve(owner.module, value.callee);
  const isTrue = (name: string) => constant(value.args, name) === true;
  const flags = {
    required: constant(value.args, "required") !== false && !value.args.some((one) => one.name === "default"),
    readOnly:
      isTrue("read_only") ||
      /^(SerializerMethodField|ReadOnlyField|StringRelatedField|HiddenField)$/.test(type),
    writeOnly: isTrue("write_only"),
  };
  if (inner?.kind === "class" && isSerializer(program, inner)) {
    const schema = depth < DEEPEST ? serializerSchema(program, inner, side, depth + 1) : objectOf({});
    return { ...flags, schema: isTrue("many") ? { type: "array", items: schema } : schema };
  }
  if (/RelatedField$/.test(type)) {
    const one = /PrimaryKey/.test(type) ? INTEGER : STRING;
    return { ...flags, schema: isTrue("many") ? { type: "array", items: one } : one };
  }
  if (!/Field$/.test(type)) return undefined;
  return {
    ...flags,
    schema: { ...schemaOfType(type), ...limits(value.args), ...choices(program, owner, value.args) },
  };
}

const taken = (name: string, schema: Schema = STRING): [string, SerializerField] => [
  name,
  { schema, required: true, readOnly: false, writeOnly: true },
];

const given = (name: string): [string, SerializerField] => [
  name,
  { schema: STRING, required: false, readOnly: true, writeOnly: false },
];

const PASSWORD: Schema = { type: "string", format: "password", writeOnly: true };

/** Fields of library serializers that projects build on. */
function libraryFields(base: string): readonly [string, SerializerField][] {
  switch (base.split(".").at(-1)) {
    case "TokenObtainPairSerializer":
      return [taken("username"), taken("password", PASSWORD), given("access"), given("refresh")];
    case "TokenRefreshSerializer":
      return [taken("refresh"), given("access"), given("refresh")];
    case "TokenBlacklistSerializer":
      return [taken("refresh")];
    case "AuthTokenSerializer":
      return [taken("username"), taken("password", PASSWORD), given("token")];
    default:
      return [];
  }
}
