import { pathOf } from "../document/files.ts";
import { isObject, type Json, type JsonObject } from "../document/json.ts";
import type { OpenApiDocument } from "../document/load.ts";
import { resolveObject } from "../document/resolve.ts";
import type { Described } from "../facts/described.ts";
import type { Catalogue, Found } from "./request.ts";

/** By consumer's id and parameter: what the document itself declares, as OpenAPI links. */
export type Declared = ReadonlyMap<string, Found>;

/** The links that answers declare (OpenAPI 3.1 §4.8.20). */
export function declaredLinks(document: OpenApiDocument, catalogue: Catalogue): Declared {
  const declared = new Map<string, Found>();
  for (const producer of catalogue.all) {
    const { responses } = producer.node;
    for (const response of Object.values(isObject(responses) ? responses : {})) {
      const links = resolveObject(document, response)?.links;
      for (const node of Object.values(isObject(links) ? links : {})) {
        const link = resolveObject(document, node);
        const consumer = link && targetOf(link, catalogue);
        if (!link || !consumer || !isObject(link.parameters)) continue;
        for (const [name, value] of Object.entries(link.parameters))
          add(declared, producer, consumer, name, value);
      }
    }
  }
  return declared;
}

function add(
  declared: Map<string, Found>,
  producer: Described,
  consumer: Described,
  name: string,
  value: Json,
) {
  const parameter = name.replace(/^path\./, "");
  const pointer = typeof value === "string" ? /^\$response\.body#(.*)$/.exec(value)?.[1] : undefined;
  const inRequest = typeof value === "string" ? /^\$request\.body#(.*)$/.exec(value)?.[1] : undefined;
  // `$request.path.id` passes on what was there before: it makes nothing.
  if (pointer === undefined && inRequest === undefined && !/^\$response\.header/.test(String(value))) return;
  const key = `${consumer.operation.id} ${parameter}`;
  if (declared.has(key)) return;
  const place = pointer ?? inRequest;
  declared.set(key, { producer, via: "openapi-link", ...(place === undefined ? {} : { pointer: place }) });
}

function targetOf(link: JsonObject, catalogue: Catalogue): Described | undefined {
  if (typeof link.operationId === "string") return catalogue.byId(link.operationId);
  if (typeof link.operationRef !== "string") return undefined;
  const [top, template, method] = pathOf(link.operationRef.slice(link.operationRef.indexOf("#") + 1)) ?? [];
  if (top !== "paths" || template === undefined || method === undefined) return undefined;
  return catalogue.named(`${method.toUpperCase()} ${template}`);
}
