import { isObject } from "../document/json.ts";
import type { Surveyed } from "../survey.ts";

/** Fields that `x-deadheat` names: what is added to, or what is spent once. `deadheat init ./project` writes them. */
export function annotatedFields({ node }: Surveyed, what: "accumulates" | "once"): string[] {
  const annotation = node["x-deadheat"];
  const named = isObject(annotation) ? annotation[what] : undefined;
  return Array.isArray(named) ? named.filter((one): one is string => typeof one === "string") : [];
}
