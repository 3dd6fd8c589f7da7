import type { Surveyed } from "../survey.ts";
import type { HintView } from "./hint.ts";

/** A change of state under the credentials of `one`, or under any where it asks for none: the nearest by its path. */
export function actUnder(one: Surveyed, view: HintView): Surveyed | undefined {
  const own = new Set(one.operation.bearer);
  const fitting = view.guarded.filter(
    (act) =>
      act !== one &&
      !act.lifecycle &&
      (own.size === 0 || act.operation.bearer.some((scheme) => own.has(scheme))),
  );
  const first = (path: string) => path.split("/")[1];
  return fitting.find((act) => first(act.template) === first(one.template)) ?? fitting[0];
}
