import type { Program } from "../effects/program.ts";
import type { Argument, Expression } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import type { Field, Model } from "../project/model.ts";
import { INTEGER, type Schema, STRING, schemaOfType } from "./schema.ts";

/** Serializers within serializers and names that stand for names: what is farther down is left out. */
export const DEEPEST = 4;

/** What one field of a serializer takes and gives. */
export interface SerializerField {
  readonly schema: Schema;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
}

const LIMITS: Readonly<Record<string, string>> = {
  max_length: "maxLength",
  min_length: "minLength",
  min_value: "minimum",
  max_value: "maximum",
};

export function limits(args: readonly Argument[]): Schema {
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
export function choices(program: Program, owner: ClassDefinition, args: readonly Argument[]): Schema {
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
export function modelField(program: Program, model: Model, name: string): SerializerField | undefined {
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

export function constant(args: readonly Argument[], name: string): boolean | null | undefined {
  const given = args.find((one) => one.name === name)?.value;
  return given?.kind === "constant" ? given.value : undefined;
}
