import { columnOf } from "../../effects/values.ts";
import type { ClassDefinition } from "../../project/definitions.ts";
import type { Model } from "../../project/model.ts";
import { type FixContext, type Refusal, refuse } from "../fix.ts";
import type { Edit } from "../text/edit.ts";
import { importEdits, importing } from "../text/imports.ts";
import { Layout } from "../text/layout.ts";
import { migrationFor } from "../text/migration.ts";
import { stringAt } from "../text/strings.ts";

/** What it takes for the database to refuse a second row: nothing, where it does so already. */
export interface Uniqueness {
  readonly others: ReadonlyMap<string, readonly Edit[]>;
  readonly created: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

const NONE: Uniqueness = { others: new Map(), created: new Map(), warnings: [] };

/** A unique set within `columns` for `model`: the one that is there, or a constraint and its migration. */
export function uniqueOver(
  context: FixContext,
  model: Model | undefined,
  columns: readonly string[] | undefined,
  constants: ReadonlyMap<string, string>,
): Uniqueness | Refusal {
  const { models } = context.program;
  const definition = model?.definition;
  if (!model || !definition) {
    const over = columns ? ` over ${columns.join(", ")}` : "";
    return {
      ...NONE,
      warnings: [`${model?.name ?? "The model"} is not in sight: this needs a unique constraint${over}.`],
    };
  }
  if (!columns)
    return refuse("the rows are looked for by more than equal columns, which no constraint covers");
  const sets = models.uniqueSets(model).filter((one) => one.fields.length > 0 && one.fields.join() !== "id");
  const within = (fields: readonly string[]) => fields.every((one) => columns.includes(columnOf(one)));
  if (sets.some((one) => !one.conditional && within(one.fields))) return NONE;
  const text = definition.module.source.text;
  // `if settings.X: unique_together = …`: what holds is not known here.
  if (/\bunique_together\b|UniqueConstraint/.test(bodyOf(text, definition)) && sets.length === 0)
    return {
      ...NONE,
      warnings: [`${model.name}'s unique constraints are computed: one has to cover ${columns.join(", ")}.`],
    };
  return constraint(context, model, definition, columns, constants);
}

function constraint(
  context: FixContext,
  model: Model,
  definition: ClassDefinition,
  columns: readonly string[],
  constants: ReadonlyMap<string, string>,
): Uniqueness | Refusal {
  const { models } = context.program;
  const fields = models.fields(model);
  if (models.isAbstract(model))
    return refuse(`${model.name} is abstract: its constraint belongs to the models below it`);
  const named = columns.map((one) => [...fields.keys()].find((name) => columnOf(name) === one));
  if (named.some((one) => one === undefined || fields.get(one)?.type === "ManyToManyField"))
    return refuse(`not all of ${columns.join(", ")} are columns of ${model.name}`);
  const flag = (named as string[]).find(
    (one) => !constants.has(columnOf(one)) && /BooleanField$/.test(fields.get(one)?.type ?? ""),
  );
  if (flag) return refuse(`of which ${flag} there may be one row only is not known`);
  const free = (named as string[]).filter((one) => !constants.has(columnOf(one)));
  if (free.length === 0) return refuse("the rows are looked for by constants only");
  const condition = (named as string[])
    .filter((one) => constants.has(columnOf(one)))
    .map((one) => `${one}=${constants.get(columnOf(one))}`)
    .join(", ");
  const name = `${model.name.toLowerCase()}_${free.join("_")}_unique`.slice(0, 60);
  const quoted = `[${free.map((one) => `"${one}"`).join(", ")}]`;
  const { path } = definition.module;
  const layout = new Layout(definition.module.source.text);
  const owner = namespaceOf(context, definition, layout);
  const arguments_ = (prefix: string) =>
    `fields=${quoted}, ${condition ? `condition=${prefix}Q(${condition}), ` : ""}name="${name}"`;
  const edit = intoMeta(
    context,
    definition,
    layout,
    `${owner.name}UniqueConstraint(${arguments_(owner.name)})`,
  );
  if ("reason" in edit) return edit;
  const migration = migrationFor(context, path, {
    model: model.name,
    constraint: `models.UniqueConstraint(${arguments_("models.")})`,
    name: `${model.name.toLowerCase()}_${free.join("_")}_unique`,
  });
  const nullable = free.filter((one) => fields.get(one)?.nullable);
  return {
    others: new Map([[path, [...owner.edits, edit]]]),
    created: migration.files,
    warnings: [
      `Rows that are double already have to go first: ${model.name}.objects.values(${free.map((one) => `"${one}"`).join(", ")}).annotate(n=Count("pk")).filter(n__gt=1) lists them.`,
      ...(nullable.length > 0
        ? [`${nullable.join(", ")} may be NULL, and NULLs do not count as equal.`]
        : []),
      ...migration.warnings,
    ],
  };
}

/** `models.` where the module has it, as it nearly always does. */
function namespaceOf(
  _context: FixContext,
  definition: ClassDefinition,
  layout: Layout,
): { readonly name: string; readonly edits: readonly Edit[] } {
  const found = definition.module.imports.get("models");
  if (found?.module === "django.db") return { name: "models.", edits: [] };
  const wanted = importing(
    layout,
    { from: "django.db", name: "models", otherwise: "django_models" },
    new Set(),
  );
  return { name: `${wanted.name}.`, edits: wanted.missing ? importEdits(layout, [wanted.missing]) : [] };
}

/** The lines of a class, by their indentation. */
function bodyOf(text: string, { start }: ClassDefinition): string {
  const line = text.lastIndexOf("\n", start) + 1;
  const header = text.indexOf("class ", start);
  const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? "";
  const end = text.slice(header).search(new RegExp(`\\n${indent}[^\\s#)\\]}]`));
  return text.slice(header, end < 0 ? undefined : header + end);
}

function intoMeta(
  { program }: FixContext,
  definition: ClassDefinition,
  layout: Layout,
  written: string,
): Edit | Refusal {
  const meta = definition.inner.get("Meta");
  if (meta) {
    const body = bodyOf(layout.text, meta);
    const at = layout.text.indexOf(body, meta.start);
    const list = /^([ \t]*)constraints\s*=\s*([[(])(\r?\n([ \t]*))?/m.exec(body);
    if (list) {
      const start = at + list.index + list[0].length;
      const next = list[3] === undefined ? `${written}, ` : `${written},${layout.newline}${list[4]}`;
      return { start, end: start, text: next };
    }
    if (/\bconstraints\b/.test(body)) return refuse("the model's constraints are computed");
    const first = [...meta.attributes.values()][0];
    if (!first || /^\s*class Meta[^\n]*:[ \t]*\S/.test(body))
      return refuse("the model's Meta is empty or computed");
    const header = layout.nextLine(layout.text.indexOf("class Meta", meta.start));
    const indent = /^[ \t]*/.exec(layout.text.slice(header))?.[0] ?? "";
    return { start: header, end: header, text: `${indent}constraints = [${written}]${layout.newline}` };
  }
  const inherited = program.project
    .lineage(definition)
    .classes.find((one) => one !== definition && one.inner.has("Meta"));
  if (inherited && !program.project.lookup(definition.module, inherited.name))
    return refuse("the model inherits a Meta that is out of reach");
  const end = Math.max(...[...definition.attributes.values()].map((one) => one.end));
  const own = bodyIndent(layout, definition);
  if (own === undefined) return refuse("the model has no columns of its own");
  const last = afterDocstring(layout, end);
  const unit = own.includes("\t") ? "\t" : "    ";
  return layout.insertAfter(last, [
    "",
    `${own}class Meta${inherited ? `(${inherited.name}.Meta)` : ""}:`,
    `${own}${unit}constraints = [${written}]`,
  ]);
}

/** A string below a column is about the column. */
function afterDocstring(layout: Layout, end: number): number {
  const next = layout.nextLine(end);
  const at = next + (/^\s*/.exec(layout.text.slice(next))?.[0].length ?? 0);
  return stringAt(layout.text, at) ?? end;
}

/** Of the first line in the class. */
function bodyIndent(layout: Layout, definition: ClassDefinition): string | undefined {
  if (definition.attributes.size === 0) return undefined;
  const first = Math.min(...[...definition.attributes.values()].map((one) => one.start));
  const start = layout.lineStart(first);
  return /^[ \t]+/.exec(layout.text.slice(start, first))?.[0];
}
