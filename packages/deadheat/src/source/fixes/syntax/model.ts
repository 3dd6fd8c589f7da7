import { columnOf, type Row } from "../../effects/values.ts";
import type { Model } from "../../project/model.ts";
import type { FixContext } from "../fix.ts";

/** The row's model; where the analysis has lost it on the way, the only one of the project that has its columns. */
export function modelOf(context: FixContext, row: Row, columns: Iterable<string>): Model | undefined {
  if (row.model) return row.model;
  const wanted = [...columns].map(columnOf);
  const { models, project } = context.program;
  const found = project.modules
    .flatMap((one) => [...one.classes.values()])
    .filter((cls) => models.isModel(cls))
    .map((cls) => models.of(cls))
    .filter((model) => {
      const names = new Set([...models.fields(model).keys()].map(columnOf));
      return wanted.length > 0 && wanted.every((one) => names.has(one));
    });
  return found.length === 1 ? found[0] : undefined;
}

/** Does `update()` leave out something that `save()` does: a save() of the project's own, a signal, a column set at each save? */
export function savesMore({ program: { project, models } }: FixContext, model: Model): boolean {
  const { definition } = model;
  if (!definition || !models.complete(model) || project.method(definition, "save")) return true;
  const { classes } = project.lineage(definition);
  if (
    classes.some((one) =>
      [...one.attributes.values()].some((value) => /auto_now\s*=\s*True/.test(textAt(one, value))),
    )
  )
    return true;
  const receives = new RegExp(
    `(post_save|pre_save)[^\\n]*\\b${model.name}\\b|receiver\\([^)]*(post_save|pre_save)[^)]*\\b${model.name}\\b`,
  );
  return project.modules.some(({ source }) => receives.test(source.text));
}

function textAt(
  cls: NonNullable<Model["definition"]>,
  value: { readonly start: number; readonly end: number },
): string {
  return cls.module.source.text.slice(value.start, value.end);
}
