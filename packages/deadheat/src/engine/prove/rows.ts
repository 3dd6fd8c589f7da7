import { readFile } from "node:fs/promises";
import { ROWS_PATH } from "../../harness/index.ts";
import type { ObjectRecipe } from "../../plan/credential.ts";
import type { Plan } from "../../plan/plan.ts";

interface RowHint {
  readonly model: string;
  readonly field: string;
  readonly filled: readonly string[];
}

type Documented = Readonly<
  Record<string, Readonly<Record<string, { readonly "x-deadheat"?: { readonly row?: RowHint } }>>>
>;

/**
 * How objects are made that paths name and no operation makes: as rows, by a route that only the throw-away server has.
 * `x-deadheat.row` says which model the last parameter of a path names.
 */
export async function rowRecipes(document: string, plan: Plan): Promise<ObjectRecipe[]> {
  const { paths } = JSON.parse(await readFile(document, "utf8")) as { readonly paths: Documented };
  const recipes = new Map<string, ObjectRecipe>();
  for (const { operation } of plan.omitted) {
    const row = paths[operation.path]?.[operation.method.toLowerCase()]?.["x-deadheat"]?.row;
    const parameter = /\{([^}]+)\}(?!.*\{)/.exec(operation.path)?.[1];
    if (!row || parameter === undefined) continue;
    const path = operation.path.slice(0, operation.path.lastIndexOf("{") + parameter.length + 2);
    recipes.set(path, {
      parameter,
      path,
      variables: {},
      make: [
        {
          request: { method: "POST", path: ROWS_PATH, headers: {}, json: row },
          extract: { value: "$.value" },
        },
      ],
      remove: [],
    });
  }
  return [...recipes.values()];
}
