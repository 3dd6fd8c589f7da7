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
  const label = labelOf(dependencies, names, parts[at - 1] ?? "app");
  const isNamed = (one: string) => dependencies.some((known) => known.label === label && known.name === one);
  const leaves = names.filter(
    (one) => !replaced.has(one) && !isNamed(one) && /class Migration\b/.test(texts.get(one) ?? ""),
  );
  const [leaf, ...more] = leaves;
  if (leaf === undefined || more.length > 0) return without(`${folder} has no single newest migration`);
  const number = String(Number(/^\d+/.exec(leaf)?.[0] ?? 0) + 1).padStart(4, "0");
  return {
    files: new Map([[`${folder}/${number}_${wanted.name}.py`, textOf(label, leaf, wanted)]]),
    warnings: [],
  };
}

/** What the application calls itself: in nearly all of its migrations. Others may have migrations of the same names. */
function labelOf(
  dependencies: readonly { readonly label?: string | undefined; readonly name?: string | undefined }[],
  names: readonly string[],
  folder: string,
): string {
  const counts = new Map<string, number>();
  for (const { label, name } of dependencies)
    if (label && name && names.includes(name)) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (counts.has(folder)) return folder;
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? folder;
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
