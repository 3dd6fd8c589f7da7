import type { Program } from "../effects/program.ts";
import type { Argument, Expression } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import type { Field, Model } from "../project/models.ts";
import { textOf } from "../project/project.ts";
import { INTEGER, type ObjectSchema, objectOf, type Schema, STRING, schemaOfType } from "./schema.ts";

/** Which side of a serializer: what it takes, or what it gives. */
export type Side = "request" | "response";

const DEEPEST = 4;
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

export interface SerializerField {
  readonly schema: Schema;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
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

const LIMITS: Readonly<Record<string, string>> = {
  max_length: "maxLength",
  min_length: "minLength",
  min_value: "minimum",
  max_value: "maximum",
};

function limits(args: readonly Argument[]): Schema {
  const found: Record<string, number | string> = {};
  const digits = wholeNumber(args, "max_digits");
  const places = wholeNumber(args, "decimal_places");
  // As drf-spectacular writes it.
  if (digits !== undefined && places !== undefined)
    found.pattern = `^-?\\d{0,${digits - places}}(?:\\.\\d{0,${places}})?$`;
  for (const { name, value } of args) {
    const key = name === undefined ? undefined : LIMITS[name];
    if (key && value.kind === "number") found[key] = Number(value.text.replaceAll("_", ""));
  }
  return found;
}

function wholeNumber(args: readonly Argument[], name: string): number | undefined {
  const value = args.find((one) => one.name === name)?.value;
  return value?.kind === "number" ? Number(value.text) : undefined;
}

/** Written out, under a name, or a class of choices: `Kind.choices`. */
function choices(program: Program, owner: ClassDefinition, args: readonly Argument[]): Schema {
  const given = args.find((one) => one.name === "choices")?.value;
  const texts = given ? choiceTexts(program, owner, given, 0) : [];
  return texts.length > 0 ? { enum: texts } : {};
}

function choiceTexts(program: Program, owner: ClassDefinition, value: Expression, depth: number): string[] {
  if (value.kind === "sequence")
    return value.items.flatMap((one) => {
      const first = one.kind === "sequence" ? one.items[0] : one;
      return first?.kind === "string" ? [first.value] : [];
    });
  if (depth > DEEPEST) return [];
  if (value.kind === "name") {
    const own = program.project.attribute(owner, value.id)?.value;
    if (own) return choiceTexts(program, owner, own, depth + 1);
  }
  const isClass = value.kind === "attribute" && value.name === "choices";
  const named = isClass ? value.object : value;
  if (named.kind !== "name" && named.kind !== "attribute") return [];
  const inner = named.kind === "name" ? owner.inner.get(named.id) : undefined;
  const found = inner ?? program.project.resolve(owner.module, named);
  if (found?.kind === "value") return choiceTexts(program, owner, found.expression, depth + 1);
  if (found?.kind !== "class") return [];
  return [...found.attributes.values()].flatMap((one) => {
    const first = one.kind === "sequence" ? one.items[0] : one;
    return first?.kind === "string" ? [first.value] : [];
  });
}

/** What an author sees of a model's column by way of `ModelSerializer`. */
function modelField(program: Program, model: Model, name: string): SerializerField | undefined {
  const field = program.models.fields(model).get(name);
  if (!field) {
    if (name === "id" || name === "pk")
      return { schema: INTEGER, required: false, readOnly: true, writeOnly: false };
    const inherited = USER_FIELDS[name];
    return inherited && { ...inherited, readOnly: false, writeOnly: false };
  }
  const given = columnArguments(program, model, field);
  const isTrue = (key: string) => constant(given, key) === true;
  const optional = field.nullable || isTrue("blank") || given.some((one) => one.name === "default");
  return {
    schema: {
      ...columnSchema(field),
      ...limits(given),
      ...(model.definition ? choices(program, model.definition, given) : {}),
    },
    required: !optional,
    readOnly:
      field.type.endsWith("AutoField") ||
      isTrue("auto_now_add") ||
      isTrue("auto_now") ||
      constant(given, "editable") === false,
    writeOnly: false,
  };
}

export function columnSchema(field: Field): Schema {
  if (field.type === "ManyToManyField") return { type: "array", items: INTEGER };
  return field.target ? INTEGER : schemaOfType(field.type);
}

/** Of `AbstractUser`, which is out of sight. */
const USER_FIELDS: Readonly<Record<string, { schema: Schema; required: boolean }>> = {
  username: { schema: { type: "string", maxLength: 150 }, required: true },
  email: { schema: { type: "string", format: "email" }, required: false },
  password: { schema: STRING, required: true },
  first_name: { schema: STRING, required: false },
  last_name: { schema: STRING, required: false },
};

function columnArguments(program: Program, model: Model, field: Field): readonly Argument[] {
  const value = model.definition && program.project.attribute(model.definition, field.name)?.value;
  return value?.kind === "call" ? value.args : [];
}

export function isSerializer(program: Program, cls: ClassDefinition): boolean {
  return (
    /Serializer$/.test(cls.name) ||
    program.project.lineage(cls).external.some((one) => /Serializer$/.test(one))
  );
}

function metaOf(program: Program, cls: ClassDefinition): ClassDefinition | undefined {
  return program.project
    .lineage(cls)
    .classes.find((one) => one.inner.has("Meta"))
    ?.inner.get("Meta");
}

/** The model that a serializer writes. */
export function serializerModel(program: Program, cls: ClassDefinition | undefined): Model | undefined {
  const meta = cls && metaOf(program, cls);
  return meta && modelOf(program, meta);
}

function modelOf(program: Program, meta: ClassDefinition): Model | undefined {
  for (const one of program.project.lineage(meta).classes) {
    const given = one.attributes.get("model");
    if (!given) continue;
    const text = textOf(given);
    if (/get_user_model$/.test(text)) return program.models.user();
    const found = program.project.resolve(one.module, given);
    if (found?.kind === "class") return program.models.of(found);
    if (found?.kind === "value" && /get_user_model$/.test(textOf(found.expression)))
      return program.models.user();
    return program.models.named(text.split(".").at(-1) as string);
  }
  return undefined;
}

function fieldNames(
  program: Program,
  meta: ClassDefinition,
  model: Model | undefined,
  declared: ReadonlyMap<string, SerializerField>,
): string[] {
  const attribute = (name: string) =>
    program.project
      .lineage(meta)
      .classes.map((one) => one.attributes.get(name))
      .find((one) => one);
  const given = attribute("fields");
  if (given && !(given.kind === "string" && given.value === "__all__")) {
    const names = namesIn(program, meta, given, 0);
    if (names.length > 0) return names;
  }
  const all = model ? ["id", ...[...program.models.fields(model).keys()].filter((one) => one !== "id")] : [];
  const left = new Set(stringsOf(attribute("exclude")));
  return [...new Set([...all, ...declared.keys()])].filter((one) => !left.has(one));
}

/** `["id", "name"]`, `Base.Meta.fields + ["more"]` */
function namesIn(program: Program, meta: ClassDefinition, value: Expression, depth: number): string[] {
  if (value.kind === "sequence") return value.items.flatMap((one) => namesIn(program, meta, one, depth));
  if (value.kind === "string") return [value.value];
  if (value.kind === "other") return value.parts.flatMap((one) => namesIn(program, meta, one, depth));
  if (value.kind === "binary")
    return [value.left, value.right].flatMap((one) => namesIn(program, meta, one, depth));
  if ((value.kind !== "attribute" && value.kind !== "name") || depth > DEEPEST) return [];
  const found = program.project.resolve(meta.module, value);
  return found?.kind === "value" ? namesIn(program, meta, found.expression, depth + 1) : [];
}

function stringsOf(value: Expression | undefined): string[] {
  if (!value) return [];
  if (value.kind === "string") return [value.value];
  if (value.kind === "sequence") return value.items.flatMap(stringsOf);
  return value.kind === "binary" ? [...stringsOf(value.left), ...stringsOf(value.right)] : [];
}

/** `extra_kwargs = {"password": {"write_only": True}}` */
function extraOf(value: Expression | undefined): Map<string, Partial<SerializerField>> {
  const found = new Map<string, Partial<SerializerField>>();
  if (value?.kind !== "dictionary") return found;
  for (const { key, value: given } of value.pairs) {
    if (key?.kind !== "string" || given.kind !== "dictionary") continue;
    const flag = (name: string) =>
      given.pairs.find((one) => one.key?.kind === "string" && one.key.value === name)?.value;
    const [readOnly, writeOnly, required] = ["read_only", "write_only", "required"].map((name) => {
      const one = flag(name);
      return one?.kind === "constant" ? one.value : undefined;
    });
    found.set(key.value, {
      ...(readOnly === true ? { readOnly } : {}),
      ...(writeOnly === true ? { writeOnly } : {}),
      ...(typeof required === "boolean" ? { required } : {}),
    });
  }
  return found;
}

function constant(args: readonly Argument[], name: string): boolean | null | undefined {
  const given = args.find((one) => one.name === name)?.value;
  return given?.kind === "constant" ? given.value : undefined;
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
