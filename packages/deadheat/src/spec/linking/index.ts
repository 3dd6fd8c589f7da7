import type { LinkFact, Unlinked } from "../../plan/analysis.ts";
import type { OpenApiDocument } from "../document/load.ts";
import { fromAnnotation } from "./annotated.ts";
import { fromChosenName, fromContainer } from "./container.ts";
import { declaredLinks } from "./declared.ts";
import { type Catalogue, type LinkSource, wantedOf } from "./request.ts";
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
  const sources: readonly LinkSource[] = [
    fromAnnotation,
    ({ consumer, parameter }) => declared.get(`${consumer.operation.id} ${parameter}`),
    ...SOURCES,
  ];
  for (const consumer of catalogue.all) {
    const { id } = consumer.operation;
    for (const [, parameter] of consumer.template.matchAll(/\{([^}]+)\}/g)) {
      if (parameter === undefined) continue;
      const wanted = wantedOf(consumer, parameter);
      let reason: string | undefined;
      let isLinked = false;
      for (const source of sources) {
        const found = source(wanted, catalogue);
        if (!found) continue;
        if ("producer" in found) {
          const { producer, via, pointer } = found;
          const place = pointer === undefined ? {} : { pointer };
          links.push({
            producer: producer.operation.id,
            consumer: id,
            parameter,
            place: "path",
            via,
            ...place,
          });
          isLinked = true;
          break;
        }
        reason ??= found.reason;
        if (source === fromAnnotation) break;
      }
      if (!isLinked)
        unlinked.push({
          consumer: id,
          parameter,
          reason: reason ?? "no operation of the document makes one",
        });
    }
  }
  return { links, unlinked };
}
