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
  const near = fitting.filter((act) => first(act.template) === first(one.template));
  // What stands beside a login is about tokens as a rule, whatever it is called.
  const apart = (act: Surveyed) => !view.tokenFolders.has(folderOf(act.template));
  return near.find(apart) ?? fitting.find(apart) ?? near[0] ?? fitting[0];
}

/** The path without its last segment. */
export function folderOf(template: string): string {
  return template.replace(/\/[^/]*\/?$/, "");
}
