import type { Effect } from "../effects/effect.ts";
import { columnOf } from "../effects/values.ts";
import { hasActedBefore } from "./creation.ts";
import type { RuleContext } from "./rule.ts";

/** A unique constraint is over what was computed, within what was looked for: of two rows that have it, one is refused. */
export function ifRefused(
  { effects, program: { models } }: RuleContext,
  write: Effect,
  read: Effect,
): { readonly severity?: "low"; readonly because?: string } {
  const { model } = write;
  const computed = new Set(
    [...(write.fields?.values() ?? [])].flatMap(({ name, deps }) =>
      deps.some((one) => (one.kind === "query" ? one.effect : one.row.fetch) === read)
        ? [columnOf(name)]
        : [],
    ),
  );
  const looked = new Set(
    (read.query?.filters ?? []).flatMap(({ lookup, exclude }) =>
      exclude ? [] : [columnOf(lookup.replace(/__exact$/, ""))],
    ),
  );
  const { owner } = read.query ?? {};
  if (owner?.row.model) looked.add(columnOf(models.reverse(owner.row.model, owner.name)?.field ?? ""));
  const isRefused =
    model !== undefined &&
    models
      .uniqueSets(model)
      .some(
        ({ fields, conditional }) =>
          !conditional &&
          fields.some((one) => computed.has(columnOf(one))) &&
          fields.every((one) => computed.has(columnOf(one)) || looked.has(columnOf(one))),
      );
  return isRefused && !hasActedBefore(effects, write)
    ? {
        severity: "low",
        because: "a unique constraint refuses the second row, and nobody handles the IntegrityError",
      }
    : {};
}
