import type { Program } from "../effects/program.ts";
import { columnOf } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import type { Route } from "../project/routes.ts";
import { writesOf } from "./effects.ts";
import { traceRequest } from "./trace.ts";

/** Columns by which a route gives a row that is there to another user: `document.owner = found`. */
export function ownersGiven(program: Program, route: Route): string[] {
  if (!/^(POST|PUT|PATCH|ANY)$/.test(route.method)) return [];
  const trace = traceRequest(program, route);
  if (!trace) return [];
  const { models } = program;
  const found = writesOf(trace)
    .filter(({ kind }) => kind === "save" || kind === "update")
    .flatMap(({ fields, model }) =>
      [...(fields ?? [])].flatMap(([name, { value }]) => {
        // Who takes a row for itself (`taken_by = request.user`) gives it to nobody.
        const isCaller = value.kind === "row" && /^request\.user\b/.test(value.key);
        const field = model && models.fields(model).get(columnOf(name));
        return field && !isCaller && sameModel(field.target, models.user()) ? [field.name] : [];
      }),
    );
  return [...new Set(found)];
}
