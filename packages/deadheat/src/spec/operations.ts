import type { BodyShape, Leaf, Operation } from "../plan/operation.ts";
import { isObject, type Json, type JsonObject, type OpenApiDocument } from "./load.ts";
import { resolveObject } from "./resolve.ts";
import { flatten, leavesOf, sample } from "./schema.ts";
import { effectiveSecurity, headerSchemes } from "./security.ts";

const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/** Every operation of the document, with its effective security and what can be sent and seen. */
export function collectOperations(document: OpenApiDocument): Operation[] {
  const { root } = document;
  const schemes = new Set(headerSchemes(root).map((one) => one.name));
  const base = basePath(root);
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(isObject(root.paths) ? root.paths : {})) {
    const pathItem = resolveObject(root, item);
    if (!pathItem) continue;
    for (const method of METHODS) {
      const node = resolveObject(root, pathItem[method]);
      if (!node) continue;
      const shared = Array.isArray(pathItem.parameters) ? pathItem.parameters : [];
      operations.push({
        ...describe(root, node, method.toUpperCase(), base + path),
        ...parametersOf(root, shared, node),
        ...effectiveSecurity(root, node, schemes),
        location: document.locate(["paths", path, method]),
      });
    }
  }
  return operations;
}

function describe(root: JsonObject, node: JsonObject, method: string, path: string) {
  const operationId = typeof node.operationId === "string" ? node.operationId : undefined;
  const tags = Array.isArray(node.tags) ? node.tags : [];
  const responses = isObject(node.responses) ? node.responses : {};
  const body = bodyOf(root, node);
  const leaves = responseLeaves(root, responses);
  return {
    id: operationId ?? `${method} ${path}`,
    method,
    path,
    words: [operationId, node.summary, ...tags, path].filter((part) => typeof part === "string").join(" "),
    statuses: Object.keys(responses),
    ...(operationId === undefined ? {} : { operationId }),
    ...(body ? { body } : {}),
    ...(leaves ? { leaves } : {}),
  };
}

function basePath(root: JsonObject): string {
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

function bodyOf(root: JsonObject, node: JsonObject): BodyShape | undefined {
  const body = resolveObject(root, node.requestBody);
  if (!body || !isObject(body.content)) return undefined;
  const mediaType = Object.keys(body.content).find(isSendable);
  const media = mediaType === undefined ? undefined : resolveObject(root, body.content[mediaType]);
  if (mediaType === undefined || !media) return undefined;
  const { value, slots } = sample(root, media.schema);
  return {
    mediaType: mediaType === "*/*" ? "application/json" : mediaType,
    required: body.required === true,
    sample: value,
    slots,
  };
}

function isSendable(mediaType: string): boolean {
  return isJson(mediaType) || mediaType.startsWith("application/x-www-form-urlencoded");
}

/** Some generators write the media type of every body as a wildcard. */
function isJson(mediaType: string): boolean {
  return /[/+]json\b/.test(mediaType) || mediaType === "*/*";
}

function responseLeaves(root: JsonObject, responses: JsonObject): Leaf[] | undefined {
  for (const status of Object.keys(responses).filter((one) => one.startsWith("2"))) {
    const content = resolveObject(root, responses[status])?.content;
    if (!isObject(content)) continue;
    const media = Object.entries(content).find(([type]) => isJson(type))?.[1];
    const schema = resolveObject(root, media)?.schema;
    if (schema !== undefined && Object.keys(flatten(root, schema)).length > 0) return leavesOf(root, schema);
  }
  return undefined;
}

function parametersOf(root: JsonObject, shared: readonly Json[], node: JsonObject) {
  const own = Array.isArray(node.parameters) ? node.parameters : [];
  const byPlace = new Map<string, JsonObject>();
  for (const parameter of [...shared, ...own].map((one) => resolveObject(root, one)))
    if (parameter) byPlace.set(`${String(parameter.in)} ${String(parameter.name)}`, parameter);
  const pathParameters: string[] = [];
  const query: Record<string, string> = {};
  const headers: Record<string, string> = {};
  const freshHeaders: string[] = [];
  let unfillable: string | undefined;
  for (const parameter of byPlace.values()) {
    const name = String(parameter.name);
    if (parameter.in === "path") pathParameters.push(name);
    else if (parameter.in === "header" && isFresh(name, parameter.required === true))
      freshHeaders.push(name.toLowerCase());
    else if (parameter.required === true && (parameter.in === "query" || parameter.in === "header")) {
      const value = parameterValue(root, parameter);
      if (value === undefined) unfillable = name;
      else (parameter.in === "query" ? query : headers)[name] = value;
    } else if (parameter.required === true) unfillable = name;
  }
  return {
    pathParameters,
    query,
    headers,
    freshHeaders,
    ...(unfillable === undefined ? {} : { unfillable }),
  };
}

/** Headers whose value the client makes up, another one for each request (Idempotency-Key draft §2.1). */
const FRESH = /^(x-)?(idempotency-key|request-id|correlation-id)$/i;

/** An Idempotency-Key is sent where it may be as well: it makes of two requests one, which is what is looked at. */
function isFresh(name: string, required: boolean): boolean {
  return FRESH.test(name) && (required || isIdempotencyKey(name));
}

export function isIdempotencyKey(header: string): boolean {
  return /^(x-)?idempotency-key$/i.test(header);
}

/** Only what the document itself offers: a made-up value would test the API's validation, not its races. */
function parameterValue(root: JsonObject, parameter: JsonObject): string | undefined {
  const schema = flatten(root, parameter.schema);
  const examples = isObject(parameter.examples) ? Object.values(parameter.examples) : [];
  const shown = resolveObject(root, examples[0])?.value;
  const listed = [schema.enum, schema.examples].map((list) => (Array.isArray(list) ? list[0] : undefined));
  const choices = [parameter.example, shown, schema.example, schema.default, schema.const, ...listed];
  const value = choices.find((one) => one !== undefined && one !== null && typeof one !== "object");
  return value === undefined ? undefined : String(value);
}
