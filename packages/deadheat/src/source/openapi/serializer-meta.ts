import type { Program } from "../effects/program.ts";
import type { Expression } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import { textOf } from "../project/project.ts";
import { DEEPEST, type SerializerField } from "./serializer-field.ts";

export function isSerializer(program: Program, cls: ClassDefinition): boolean {
  return (
    /Serializer$/.test(cls.name) ||
    program.project.lineage(cls).external.some((one) => /Serializer$/.test(one))
  );
}

/** The `Meta` of the class, or the nearest inherited one. */
export function metaOf(program: Program, cls: ClassDefinition): ClassDefinition | undefined {
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

export function modelOf(program: Program, meta: ClassDefinition): Model | undefined {
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

export function fieldNames(
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

export function stringsOf(value: Expression | undefined): string[] {
  if (!value) return [];
  if (value.kind === "string") return [value.value];
  if (value.kind === "sequence") return value.items.flatMap(stringsOf);
  return value.kind === "binary" ? [...stringsOf(value.left), ...stringsOf(value.right)] : [];
}

/** `extra_kwargs = {"password": {"write_only": True}}` */
export function extraOf(value: Expression | undefined): Map<string, Partial<SerializerField>> {
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
