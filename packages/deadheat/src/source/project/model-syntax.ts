import type { Argument, Expression } from "../parse/syntax.ts";
import type { Field, Model, UniqueSet } from "./model.ts";
import { textOf } from "./project.ts";

/** `ThingManager()`, `ThingQuerySet.as_manager()`, `Base.from_queryset(ThingQuerySet)()`. */
export function managersIn(value: Expression): string[] {
  if (value.kind !== "call") return [];
  const names = textOf(value.callee).split(".");
  if (names.length === 2 && names[1] === "as_manager") return [names[0] as string];
  const inner = value.callee.kind === "call" ? value.callee.args.map((one) => textOf(one.value)) : [];
  return [...names, ...inner].filter((one) => /(Manager|QuerySet)$/.test(one));
}

export function isColumn(value: Expression): boolean {
  if (value.kind !== "call") return false;
  const text = textOf(value.callee);
  return (
    /^models\.\w*(Field|ForeignKey)$/.test(text) || /^(ForeignKey|OneToOneField|ManyToManyField)$/.test(text)
  );
}

export function isConstant(value: Expression | undefined, wanted: boolean): boolean {
  return value?.kind === "constant" && value.value === wanted;
}

function strings(value: Expression): string[] {
  if (value.kind === "string") return [value.value];
  return value.kind === "sequence" ? value.items.flatMap(strings) : [];
}

/** `(("a", "b"), ("c",))`, `("a", "b")` and `[["a", "b"]]` alike. */
export function setsOf(value: Expression): string[][] {
  if (value.kind !== "sequence") return [];
  if (value.items.every((one) => one.kind === "string")) return value.items.length ? [strings(value)] : [];
  return value.items.map(strings).filter((one) => one.length > 0);
}

export function constraintsOf(value: Expression): UniqueSet[] {
  const items =
    value.kind === "sequence" ? value.items : value.kind === "binary" ? [value.left, value.right] : [];
  return items.flatMap((item) => {
    if (item.kind === "sequence" || item.kind === "binary") return constraintsOf(item);
    if (item.kind !== "call" || !/UniqueConstraint$/.test(textOf(item.callee))) return [];
    const fields = item.args.find((one) => one.name === "fields");
    const distinct = item.args.find((one) => one.name === "nulls_distinct")?.value;
    const nullsEqual = distinct?.kind === "constant" && distinct.value === false;
    return [
      {
        fields: fields ? strings(fields.value) : [],
        conditional: item.args.some((one) => one.name === "condition") || !fields,
        ...(nullsEqual ? { nullsEqual } : {}),
        ...whileOf(item.args.find((one) => one.name === "condition")?.value),
      },
    ];
  });
}

/** `condition=Q(deleted_at__isnull=True)`, `condition=Q(active=True)`: it holds for rows that are so. */
function whileOf(condition: Expression | undefined): Pick<UniqueSet, "whileNull" | "whileIs"> {
  if (condition?.kind !== "call" || !/(^|\.)Q$/.test(textOf(condition.callee))) return {};
  const [only, ...more] = condition.args;
  if (!only?.name || more.length > 0) return {};
  const { name, value } = only;
  const column = /^(\w+)__isnull$/.exec(name)?.[1];
  if (column) return isConstant(value, true) ? { whileNull: column } : {};
  const isPlain = !name.includes("__") && (value.kind === "constant" || value.kind === "string");
  return isPlain ? { whileIs: { column: name, value: value.value } } : {};
}

const RELATIONS = new Set([
  "ForeignKey",
  "OneToOneField",
  "ManyToManyField",
  "ParentalKey",
  "TreeForeignKey",
]);

/** What a column's or a relation's declaration says; which model a relation leads to, is asked of who knows them. */
export function fieldOf(
  name: string,
  value: Expression,
  targetOf: (args: readonly Argument[]) => Model | undefined,
): Field | undefined {
  if (value.kind !== "call") return undefined;
  const type = textOf(value.callee).split(".").at(-1) as string;
  if (!RELATIONS.has(type) && !/Field$/.test(type)) return undefined;
  const given = new Map(value.args.filter((one) => one.name).map((one) => [one.name, one.value]));
  const isTrue = (key: string) => isConstant(given.get(key), true);
  const target = RELATIONS.has(type) ? targetOf(value.args) : undefined;
  const related = given.get("related_name");
  return {
    name,
    type,
    unique: isTrue("unique") || isTrue("primary_key") || type === "OneToOneField",
    primaryKey: isTrue("primary_key"),
    nullable: isTrue("null"),
    ...(isTrue("auto_now") ? { touched: true } : {}),
    ...functionOf(given.get("default")),
    ...(!isTrue("null") && isAlike(given.get("default"), given.has("choices")) ? { alike: true } : {}),
    ...(target ? { target } : {}),
    ...(related?.kind === "string" ? { relatedName: related.value } : {}),
    ...(type === "ManyToManyField" ? throughOf(given.get("through")) : {}),
  };
}

/** `default=new_key` is called for each row; without any, it is one of the choices that no caller has named. */
function isAlike(value: Expression | undefined, hasChoices: boolean): boolean {
  if (!value) return hasChoices;
  if (value.kind === "name" || value.kind === "attribute")
    return /(^|\.)[A-Z][A-Z0-9_]*$/.test(textOf(value));
  return value.kind === "string" || value.kind === "number" || value.kind === "constant";
}

/** `default=next_number`, `default=numbers.next_number`. */
function functionOf(value: Expression | undefined): { readonly defaultBy?: string } {
  const name = value?.kind === "name" || value?.kind === "attribute" ? textOf(value).split(".").at(-1) : "";
  return name && /^[a-z_]\w*$/.test(name) ? { defaultBy: name } : {};
}

/** `through="club.Membership"`, `through=Membership`. */
function throughOf(given: Expression | undefined): { readonly through?: string } {
  const text = given?.kind === "string" ? given.value : given ? textOf(given) : "";
  const name = text.split(".").at(-1);
  return name ? { through: name } : {};
}
