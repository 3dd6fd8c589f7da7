import { isObject, type Json, type JsonObject, put } from "./json.ts";

type Resolve = (node: Json | undefined) => JsonObject | undefined;

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];

/**
 * A Swagger 2.0 document in the shape of OpenAPI 3.0: servers, security schemes, request bodies and contents of
 * answers. Schemas stay where they are, so that references to them and places in the text remain right.
 */
export function upgradeSwagger(root: JsonObject, resolve: Resolve): JsonObject {
  const paths: JsonObject = {};
  for (const [path, node] of Object.entries(isObject(root.paths) ? root.paths : {})) {
    const item = resolve(node);
    if (item) put(paths, path, upgradeItem(root, item, resolve));
  }
  const schemes: JsonObject = {};
  for (const [name, node] of Object.entries(
    isObject(root.securityDefinitions) ? root.securityDefinitions : {},
  ))
    put(schemes, name, upgradeScheme(node));
  return {
    ...root,
    openapi: "3.0.3",
    servers: serversOf(root),
    components: { securitySchemes: schemes },
    paths,
  };
}

function serversOf({ host, basePath, schemes }: JsonObject): Json[] {
  const path = typeof basePath === "string" ? basePath : "";
  if (typeof host !== "string") return path === "" ? [] : [{ url: path }];
  const scheme =
    Array.isArray(schemes) && schemes.includes("https") ? "https" : String(first(schemes) ?? "https");
  return [{ url: `${scheme}://${host}${path}` }];
}

function upgradeScheme(node: Json): Json {
  return isObject(node) && node.type === "basic" ? { ...node, type: "http", scheme: "basic" } : node;
}

function upgradeItem(root: JsonObject, item: JsonObject, resolve: Resolve): JsonObject {
  const shared = parametersIn(item, resolve);
  const upgraded: JsonObject = { ...item, parameters: shared.filter(isPlain).map(upgradeParameter) };
  for (const method of METHODS) {
    const operation = item[method];
    if (!isObject(operation)) continue;
    upgraded[method] = upgradeOperation(root, operation, shared, resolve);
  }
  return upgraded;
}

function upgradeOperation(
  root: JsonObject,
  operation: JsonObject,
  shared: readonly JsonObject[],
  resolve: Resolve,
): JsonObject {
  const own = parametersIn(operation, resolve);
  const named = new Set(own.map((one) => `${String(one.in)} ${String(one.name)}`));
  const all = [...own, ...shared.filter((one) => !named.has(`${String(one.in)} ${String(one.name)}`))];
  const body = bodyOf(all, texts(operation.consumes ?? root.consumes));
  const produces = texts(operation.produces ?? root.produces);
  const responses: JsonObject = {};
  for (const [status, node] of Object.entries(isObject(operation.responses) ? operation.responses : {})) {
    const response = resolve(node);
    if (response) put(responses, status, upgradeResponse(response, produces));
  }
  return {
    ...operation,
    parameters: own.filter(isPlain).map(upgradeParameter),
    responses,
    ...(body ? { requestBody: body } : {}),
  };
}

function parametersIn(node: JsonObject, resolve: Resolve): JsonObject[] {
  const listed = Array.isArray(node.parameters) ? node.parameters : [];
  return listed.map((one) => resolve(one)).filter((one): one is JsonObject => one !== undefined);
}

function isPlain(parameter: JsonObject): boolean {
  return parameter.in !== "body" && parameter.in !== "formData";
}

/** What 2.0 says of a parameter's values beside its name, 3.0 says in a schema. */
function upgradeParameter(parameter: JsonObject): JsonObject {
  return { ...parameter, schema: parameter };
}

function bodyOf(parameters: readonly JsonObject[], consumes: readonly string[]): JsonObject | undefined {
  const body = parameters.find((one) => one.in === "body");
  if (body) {
    const content: JsonObject = {};
    for (const type of consumes.length > 0 ? consumes : ["application/json"])
      put<Json>(content, type, { schema: body.schema ?? {} });
    return { required: body.required === true, content };
  }
  const fields = parameters.filter((one) => one.in === "formData");
  if (fields.length === 0) return undefined;
  const properties: JsonObject = {};
  for (const field of fields)
    put<Json>(
      properties,
      String(field.name),
      field.type === "file" ? { type: "string", format: "binary" } : field,
    );
  const required = fields.filter((one) => one.required === true).map((one) => String(one.name));
  const multipart = fields.some((one) => one.type === "file") || consumes.includes("multipart/form-data");
  const type = multipart ? "multipart/form-data" : "application/x-www-form-urlencoded";
  return {
    required: required.length > 0,
    content: {
      [type]: { schema: { type: "object", properties, ...(required.length > 0 ? { required } : {}) } },
    },
  };
}

function upgradeResponse(response: JsonObject, produces: readonly string[]): JsonObject {
  if (response.schema === undefined) return response;
  const content: JsonObject = {};
  for (const type of produces.length > 0 ? produces : ["application/json"])
    put<Json>(content, type, { schema: response.schema });
  return { ...response, content };
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function first(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? value[0] : undefined;
}
