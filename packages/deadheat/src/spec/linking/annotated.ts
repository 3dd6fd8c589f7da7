import { isObject } from "../document/json.ts";
import type { Described } from "../facts/described.ts";
import type { LinkSource } from "./request.ts";

/** `x-deadheat: { links: { id: createKey } }` on the consumer: an operationId, `METHOD /path`, or `none`. */
export const fromAnnotation: LinkSource = ({ consumer, parameter }, catalogue) => {
  const name = annotatedLinks(consumer)[parameter];
  if (name === undefined) return undefined;
  if (name === "none") return { reason: "x-deadheat says that nothing makes it" };
  const producer = catalogue.named(name);
  return producer
    ? { producer, via: "x-deadheat" }
    : { reason: `x-deadheat names ${name}, which there is not` };
};

function annotatedLinks({ node }: Described): Record<string, string | undefined> {
  const annotation = node["x-deadheat"];
  const links = isObject(annotation) && isObject(annotation.links) ? annotation.links : {};
  return Object.fromEntries(Object.entries(links).filter(([, value]) => typeof value === "string")) as Record<
    string,
    string
  >;
}
