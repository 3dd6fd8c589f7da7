import type { Expression, Span } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import { textOf } from "../project/project.ts";
import { queryOf } from "./attributes.ts";
import type { Run } from "./run.ts";
import { columnOf, type Value } from "./values.ts";

/** The name of a question that a unique constraint answers with a refusal as well. */
export const OF_CONSTRAINT = "unique";

/**
 * `validators=[UniqueValidator(queryset=Registration.objects.all())]` of DRF: `is_valid()` asks whether there is such a
 * row, and refuses where there is one.
 */
export function askUniqueValidators(run: Run, cls: ClassDefinition, span: Span): void {
  for (const one of run.program.project.lineage(cls).classes) {
    if (!one.module.source.text.includes("UniqueValidator(")) continue;
    for (const [name, field] of one.attributes) {
      const model = field.kind === "call" ? tableAsked(run, one, field) : undefined;
      if (model) ask(run, model, [name], span);
    }
  }
}

function tableAsked(
  run: Run,
  cls: ClassDefinition,
  field: Expression & { readonly kind: "call" },
): Model | undefined {
  const listed = field.args.find((one) => one.name === "validators")?.value;
  for (const one of listed?.kind === "sequence" ? listed.items : []) {
    if (one.kind !== "call" || !/(^|\.)UniqueValidator$/.test(textOf(one.callee))) continue;
    const given = one.args.find((argument) => argument.name === "queryset")?.value ?? one.args[0]?.value;
    const found = given && run.program.project.resolve(cls.module, ownerOf(given));
    if (found?.kind === "class" && run.program.models.isModel(found)) return run.program.models.of(found);
  }
  return undefined;
}

/** `Registration` of `Registration.objects.filter(…)`. */
function ownerOf(queryset: Expression): Expression {
  if (queryset.kind === "call" && queryset.callee.kind === "attribute")
    return ownerOf(queryset.callee.object);
  return queryset.kind === "attribute" ? queryset.object : queryset;
}

/**
 * `def save(self): self.full_clean(); super().save()`: before the row is written, Django asks for one that a constraint
 * with a condition excludes beside it (one that is open, a room), and refuses.
 */
export function askConstraints(
  run: Run,
  model: Model | undefined,
  given: ReadonlyMap<string, Value>,
  span: Span,
): void {
  const save = model?.definition && run.program.project.method(model.definition, "save");
  if (!model || !save) return;
  run.program.noteRead(save);
  if (!/\bself\.(full_clean|validate_constraints)\(/.test(save.text())) return;
  // Beside what belongs to a row that is new there is nothing.
  const isNew = (value: Value) => value.kind === "row" && value.origin === "new";
  const names = new Set([...given].flatMap(([name, value]) => (isNew(value) ? [] : [columnOf(name)])));
  for (const { fields, conditional } of run.program.models.uniqueSets(model))
    if (conditional && fields.length > 0 && fields.every((one) => names.has(columnOf(one))))
      ask(run, model, fields, span);
}

function ask(run: Run, model: Model, columns: readonly string[], span: Span): void {
  const query = queryOf(run, model, {});
  const effect = run.emit("exists", span, {
    query: {
      ...query,
      filters: columns.map((lookup) => ({ lookup, value: run.unknown(), exclude: false })),
    },
    model,
    name: OF_CONSTRAINT,
  });
  const guard = Object.assign(run.guard("test", [{ kind: "query", effect }], span), { refuses: true });
  run.guards = [...run.guards, guard];
  run.refusals.push(guard);
}
