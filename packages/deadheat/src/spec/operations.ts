import type { Operation } from "../plan/operation.ts";
import { bodyOf, responseLeaves } from "./bodies.ts";
import { isObject, type Json, type JsonObject } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { resolveObject } from "./document/resolve.ts";
import { parametersOf } from "./parameters.ts";
import { effectiveSecurity, headerSchemes, securityCookies } from "./security.ts";

/** What a scan may call. */
const METHODS = ["get", "put", "post", "delete", "patch"];
const OTHER_METHODS = ["head", "options", "trace", "query"];

/** An operation together with what the document says of it. */
export interface DocumentedOperation {
  readonly operation: Operation;
  /** As the document writes it, without the servers' path. */
  readonly template: string;
  readonly node: JsonObject;
  /** Where it stands: keys from the top of the document. */
  readonly pointer: readonly string[];
}

export function isCallable({ method }: Operation): boolean {
  return METHODS.includes(method.toLowerCase());
}

/**
 * Every operation of the document with its effective security and what can be sent and seen, of any method (OpenAPI 3.2 has `query` and `additionalOperations`).
 */
export function documentedOperations(document: OpenApiDocument): DocumentedOperation[] {
  const { root } = document;
  const schemes = new Set(headerSchemes(document).map((one) => one.name));
  const base = basePath(root);
  const ids = new Set<string>();
  const operations: DocumentedOperation[] = [];
  for (const [template, item] of Object.entries(isObject(root.paths) ? root.paths : {})) {
    const pathItem = resolveObject(document, item);
    if (!pathItem || template.startsWith("x-")) continue;
    for (const [keys, value] of operationsIn(document, pathItem)) {
      const node = resolveObject(document, value);
      if (!node) continue;
      const shared = Array.isArray(pathItem.parameters) ? pathItem.parameters : [];
      const pointer = ["paths", template, ...keys];
      const operation: Operation = {
        ...describe(node, (keys.at(-1) as string).toUpperCase(), base + template, ids),
        ...parametersOf(document, shared, node, securityCookies(document, node)),
        ...effectiveSecurity(document, node, schemes),
        location: document.locate(pointer),
      };
      readWhenAsked(document, operation, node);
      ids.add(operation.id);
      operations.push({ operation, template, node, pointer });
    }
  }
  return operations;
}

function operationsIn(document: OpenApiDocument, item: JsonObject): [string[], Json][] {
  const found: [string[], Json][] = [];
  for (const method of [...METHODS, ...OTHER_METHODS]) {
    const node = item[method];
    if (node !== undefined) found.push([[method], node]);
  }
  const more = resolveObject(document, item.additionalOperations);
  for (const [method, node] of Object.entries(more ?? {}))
    found.push([["additionalOperations", method], node]);
  return found;
}

function describe(node: JsonObject, method: string, path: string, taken: ReadonlySet<string>) {
  const operationId = typeof node.operationId === "string" ? node.operationId : undefined;
  const tags = Array.isArray(node.tags) ? node.tags : [];
  const responses = isObject(node.responses) ? node.responses : {};
  const annotation = node["x-deadheat"];
  const owner = isObject(annotation) && Array.isArray(annotation.owner) ? annotation.owner : [];
  return {
    // Two of one name could not be told apart; the second is called by its place.
    id: operationId !== undefined && !taken.has(operationId) ? operationId : `${method} ${path}`,
    method,
    path,
    words: [operationId, node.summary, ...tags, path].filter((part) => typeof part === "string").join(" "),
    statuses: Object.keys(responses),
    ...(operationId === undefined ? {} : { operationId }),
    ...(owner.length > 0 ? { owner: owner.filter((one): one is string => typeof one === "string") } : {}),
  };
}

/**
 * Bodies and answers are most of what there is to read in a document, and many are never asked for: of operations
 * behind credentials that a scan cannot send, for example.
 */
function readWhenAsked(document: OpenApiDocument, operation: Operation, node: JsonObject): void {
  lazily(operation, "body", () => bodyOf(document, node));
  lazily(operation, "leaves", () => responseLeaves(document, isObject(node.responses) ? node.responses : {}));
}

function lazily<Name extends "body" | "leaves">(
  operation: Operation,
  name: Name,
  read: () => Operation[Name] | undefined,
): void {
  const property = { enumerable: true, configurable: true };
  Object.defineProperty(operation, name, {
    ...property,
    get() {
      const value = read();
      Object.defineProperty(operation, name, { ...property, value });
      return value;
    },
  });
}

/** The path of the first server, with the defaults of its variables; empty where it is `/`. */
export function basePath(root: JsonObject): string {
  const server = Array.isArray(root.servers) ? root.servers[0] : undefined;
  const url = isObject(server) && typeof server.url === "string" ? server.url : "";
  const variables = isObject(server) && isObject(server.variables) ? server.variables : {};
  const filled = url.replace(/\{([^}]+)\}/g, (_whole, name: string) => {
    const variable = variables[name];
    return isObject(variable) && variable.default !== undefined ? String(variable.default) : "";
  });
  return URL.canParse(filled || "/", "http://localhost")
    ? new URL(filled || "/", "http://localhost").pathname.replace(/\/$/, "")
    : "";
}
