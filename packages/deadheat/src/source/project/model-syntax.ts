import type { Expression } from "../parse/syntax.ts";
import type { UniqueSet } from "./models.ts";
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
