import { file } from "../lookup.ts";
import { needsOptIn } from "../side-effects.ts";
import type { Surveyed } from "../survey.ts";
import type { HintView } from "./hint.ts";

/** Changes of state under a credential, the best of each scheme first; those that ask for any under the empty name. */
export interface Guarded {
  readonly byScheme: ReadonlyMap<string, readonly Ranked[]>;
  /** Those of one first segment, by `scheme\nsegment`. */
  readonly bySegment: ReadonlyMap<string, readonly Ranked[]>;
}

interface Ranked {
  readonly act: Surveyed;
  readonly rank: number;
  /** Stands beside what has a part in the life of tokens: it is about tokens as a rule, whatever it is called. */
  readonly beside: boolean;
}

/** A change of state under the credentials of `one`, or under any where it asks for none: the nearest by its path. */
export function actUnder(one: Surveyed, { guarded }: HintView): Surveyed | undefined {
  const schemes = one.operation.bearer.length > 0 ? one.operation.bearer : [""];
  const near = best(schemes.map((scheme) => guarded.bySegment.get(`${scheme}\n${segmentOf(one)}`)?.[0]));
  const any = best(schemes.map((scheme) => guarded.byScheme.get(scheme)?.[0]));
  return [near, any].find((found) => found?.beside === false)?.act ?? (near ?? any)?.act;
}

function best(found: readonly (Ranked | undefined)[]): Ranked | undefined {
  return found
    .filter((one) => one !== undefined)
    .reduce<Ranked | undefined>((least, one) => (least && compare(least, one) <= 0 ? least : one), undefined);
}

function compare(a: Ranked, b: Ranked): number {
  return Number(a.beside) - Number(b.beside) || a.rank - b.rank;
}

const ORDER = ["action", "patch", "replace", "create"];

/** Changes of what is there first; what makes something last, since it can be repeated without harm. */
export function guardedIn(operations: readonly Surveyed[]): Guarded {
  const folders = new Set(
    operations.flatMap(({ lifecycle, template }) => (lifecycle ? [folderOf(template)] : [])),
  );
  const rankOf = ({ kind, operation }: Surveyed) =>
    ORDER.indexOf(kind) + operation.pathParameters.length + (needsOptIn(operation) ? 10 : 0);
  const ranked = operations
    .filter((one) => !one.operation.open && one.operation.bearer.length > 0 && ORDER.includes(one.kind))
    .filter((one) => !one.lifecycle)
    .map((act) => ({ act, rank: rankOf(act), beside: folders.has(folderOf(act.template)) }))
    .sort(compare);
  const byScheme = new Map<string, Ranked[]>();
  const bySegment = new Map<string, Ranked[]>();
  for (const one of ranked)
    for (const scheme of ["", ...new Set(one.act.operation.bearer)]) {
      file(byScheme, scheme, one);
      file(bySegment, `${scheme}\n${segmentOf(one.act)}`, one);
    }
  return { byScheme, bySegment };
}

function segmentOf({ template }: Surveyed): string {
  return template.split("/")[1] ?? "";
}

/** The path without its last segment. */
function folderOf(template: string): string {
  return template.replace(/\/[^/]*\/?$/, "");
}
