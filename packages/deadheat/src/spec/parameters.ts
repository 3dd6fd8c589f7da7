import type { Slot } from "../plan/operation.ts";
import { isObject, type Json, type JsonObject, put } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { resolveObject } from "./document/resolve.ts";
import { flatten, slotOf, typeOf } from "./schema.ts";

/** What of its parameters has to be sent, and with which values. */
export function parametersOf(
  document: OpenApiDocument,
  shared: readonly Json[],
  node: JsonObject,
  securing: readonly string[],
) {
  const own = Array.isArray(node.parameters) ? node.parameters : [];
  const byPlace = new Map<string, JsonObject>();
  for (const parameter of [...shared, ...own].map((one) => resolveObject(document, one)))
    if (parameter) byPlace.set(`${String(parameter.in)} ${String(parameter.name)}`, parameter);
  const pathParameters: string[] = [];
  const pathSlots: Record<string, Slot> = {};
  const query: Record<string, string> = {};
  const headers: Record<string, string> = {};
  const freshHeaders: string[] = [];
  const queryTexts: string[] = [];
  const headerTexts: string[] = [];
  const cookies = [...securing];
  let unfillable: string | undefined;
  let conditional = false;
  for (const parameter of byPlace.values()) {
    const name = String(parameter.name);
    if (parameter.in === "cookie") cookies.push(name);
    if (parameter.in === "header" && IF_MATCH.test(name)) conditional = true;
    if (parameter.in === "path") {
      pathParameters.push(name);
      const slot = pathSlotOf(document, parameter, name);
      if (slot) put(pathSlots, name, slot);
    } else if (parameter.in === "header" && isFresh(name, parameter.required === true))
      freshHeaders.push(name.toLowerCase());
    else if (parameter.required === true && (parameter.in === "query" || parameter.in === "header")) {
      const value = parameterValue(document, parameter);
      if (value !== undefined) put(parameter.in === "query" ? query : headers, name, value);
      else unfillable = IF_MATCH.test(name) ? (unfillable ?? name) : name;
      if (value === undefined) (parameter.in === "query" ? queryTexts : headerTexts).push(name);
    } else if (parameter.required === true) unfillable = name;
    else if (parameter.in === "header" && REFRESH_HEADER.test(name)) headerTexts.push(name);
  }
  return {
    pathParameters,
    ...(Object.keys(pathSlots).length === 0 ? {} : { pathSlots }),
    query,
    headers,
    freshHeaders,
    ...(unfillable === undefined ? {} : { unfillable }),
    ...(conditional ? { conditional: true as const } : {}),
    ...(queryTexts.length === 0 ? {} : { queryTexts }),
    ...(headerTexts.length === 0 ? {} : { headerTexts }),
    ...(cookies.length === 0 ? {} : { cookies }),
  };
}

function pathSlotOf(document: OpenApiDocument, { schema: node }: JsonObject, name: string): Slot | undefined {
  const schema = flatten(document, node);
  const type = typeOf(schema);
  if (type !== "string" && type !== "integer" && type !== "number") return undefined;
  return slotOf(schema, type, { pointer: `/${name}`, name, required: true, depth: 1 });
}

/** Often declared as optional, since a browser has it in a cookie. */
const REFRESH_HEADER = /refresh.?token/i;
const IF_MATCH = /^if-match$/i;

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
function parameterValue(document: OpenApiDocument, parameter: JsonObject): string | undefined {
  const schema = flatten(document, parameter.schema);
  const examples = isObject(parameter.examples) ? Object.values(parameter.examples) : [];
  const shown = resolveObject(document, examples[0])?.value;
  const listed = [schema.enum, schema.examples].map((list) => (Array.isArray(list) ? list[0] : undefined));
  const choices = [parameter.example, shown, schema.example, schema.default, schema.const, ...listed];
  const value = choices.find((one) => one !== undefined && one !== null && typeof one !== "object");
  return value === undefined ? undefined : String(value);
}
