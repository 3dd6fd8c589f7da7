import type { FixContext } from "../fix.ts";

export interface Migration {
  readonly files: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

const NAMES = /^(?!__init__)\w+\.py$/;

/** The file that adds a constraint, after the newest migration of the model's application. */
export function migrationFor(
  { read, list }: Pick<FixContext, "read" | "list">,
  modelFile: string,
  wanted: { readonly model: string; readonly constraint: string; readonly name: string },
): Migration {
  const parts = modelFile.split("/");
  const at = parts.lastIndexOf("models") >= 0 ? parts.lastIndexOf("models") : parts.length - 1;
  const application = parts.slice(0, at).join("/");
  const folder = `${application === "" ? "" : `${application}/`}migrations`;
  const names = list(folder)
    .filter((one) => NAMES.test(one))
    .map((one) => one.replace(/\.py$/, ""));
  const without = (reason: string): Migration => ({
    files: new Map(),
    warnings: [`${reason}: run makemigrations for the new constraint.`],
  });
  if (names.length === 0) return without(`There are no migrations in ${folder}`);
  const texts = new Map(names.map((one) => [one, read(`${folder}/${one}.py`) ?? ""]));
  const dependencies = [...texts.values()].flatMap((text) =>
    [...text.matchAll(/\(\s*["'](\w+)["']\s*,\s*["'](\w+)["']\s*,?\s*\)/g)].map(([, label, name]) => ({
      label,
      name,
    })),
  );
  const replaced = new Set(
    [...texts].flatMap(([, text]) => /replaces\s*=\s*\[([\s\S]*?)\]/.exec(text)?.[1]?.match(/\w+/g) ?? []),
  );
  const leaves = names.filter(
    (one) =>
      !replaced.has(one) &&
      !dependencies.some((known) => known.name === one) &&
      /class Migration\b/.test(texts.get(one) ?? ""),
  );
  const [leaf, ...more] = leaves;
  if (leaf === undefined || more.length > 0) return without(`${folder} has no single newest migration`);
  const label =
    dependencies.find((one) => one.name !== undefined && names.includes(one.name))?.label ??
    parts[at - 1] ??
    "app";
  const number = String(Number(/^\d+/.exec(leaf)?.[0] ?? 0) + 1).padStart(4, "0");
  return {
    files: new Map([[`${folder}/${number}_${wanted.name}.py`, textOf(label, leaf, wanted)]]),
    warnings: [],
  };
}

function textOf(
  label: string,
  leaf: string,
  { model, constraint }: { readonly model: string; readonly constraint: string },
): string {
  return `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("${label}", "${leaf}"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="${model.toLowerCase()}",
            constraint=${constraint},
        ),
    ]
`;
}
