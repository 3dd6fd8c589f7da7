import type { LinkFact, Unlinked } from "../../plan/analysis.ts";
import type { OpenApiDocument } from "../document/load.ts";
import { fromAnnotation } from "./annotated.ts";
import { fromChosenName, fromContainer } from "./container.ts";
import { declaredLinks } from "./declared.ts";
import { type Catalogue, type LinkSource, type Wanted, wantedOf } from "./request.ts";
import { fromStem } from "./stem.ts";
import { fromTokenEndpoint } from "./token.ts";

export interface LinkGraph {
  readonly links: readonly LinkFact[];
  readonly unlinked: readonly Unlinked[];
}

/** In the order in which they are believed; the first that has something to say is. */
const SOURCES: readonly LinkSource[] = [fromTokenEndpoint, fromContainer, fromChosenName, fromStem];

/** For each path parameter of each operation, the operation that makes what it names; or why there is none. */
export function linkOperations(document: OpenApiDocument, catalogue: Catalogue): LinkGraph {
  const declared = declaredLinks(document, catalogue);
  const links: LinkFact[] = [];
  const unlinked: Unlinked[] = [];
  const known = new Map<string, Answer>();
  for (const consumer of catalogue.all) {
    const { id } = consumer.operation;
    for (const [, parameter] of consumer.template.matchAll(/\{([^}]+)\}/g)) {
      if (parameter === undefined) continue;
      const wanted = wantedOf(consumer, parameter);
      const found =
        fromAnnotation(wanted, catalogue) ??
        declared.get(`${id} ${parameter}`) ??
        inferred(wanted, catalogue, known);
      if (found && "producer" in found)
        links.push({
          producer: found.producer.operation.id,
          consumer: id,
          parameter,
          place: "path",
          via: found.via,
          ...(found.pointer === undefined ? {} : { pointer: found.pointer }),
        });
      else
        unlinked.push({
          consumer: id,
          parameter,
          reason: found?.reason ?? "no operation of the document makes one",
        });
    }
  }
  return { links, unlinked };
}

type Answer = ReturnType<LinkSource>;

/** The first that finds one; else the first reason. */
function ask(wanted: Wanted, catalogue: Catalogue): Answer {
  let reason: Answer;
  for (const source of SOURCES) {
    const found = source(wanted, catalogue);
    if (found && "producer" in found) return found;
    reason ??= found;
  }
  return reason;
}

/** Of all consumers whose paths begin alike the answer is the same, but for those that it may be about. */
function inferred(wanted: Wanted, catalogue: Catalogue, known: Map<string, Answer>): Answer {
  const { consumer, parameter } = wanted;
  const mayMake = catalogue.kindOf(consumer) === "create" || consumer.operation.method === "PUT";
  if (mayMake || catalogue.lifecycleOf(consumer) !== undefined) return ask(wanted, catalogue);
  const end = consumer.template.indexOf(`{${parameter}}`) + parameter.length + 2;
  const prefix = consumer.template.slice(0, end);
  if (!known.has(prefix)) known.set(prefix, ask(wanted, catalogue));
  return known.get(prefix);
}
