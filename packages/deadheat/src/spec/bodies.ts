import type { BodyShape, Leaf } from "../plan/operation.ts";
import { isObject, type Json, type JsonObject } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { resolveObject } from "./document/resolve.ts";
import { flatten, leavesOf, sample } from "./schema.ts";
import { settableIn } from "./settable.ts";

/** The body that an operation takes, if it can be written as JSON or as a form. */
export function bodyOf(document: OpenApiDocument, node: JsonObject): BodyShape | undefined {
  const body = resolveObject(document, node.requestBody);
  if (!body || !isObject(body.content)) return undefined;
  const mediaType = Object.keys(body.content).find(isSendable);
  const media = mediaType === undefined ? undefined : resolveObject(document, body.content[mediaType]);
  if (mediaType === undefined || !media) return undefined;
  const { value, slots } = sample(document, media.schema);
  return {
    mediaType: mediaType === "*/*" ? "application/json" : mediaType,
    required: body.required === true,
    sample: value,
    slots,
    ...Object.fromEntries(
      Object.entries(settableIn(document, media.schema)).filter(([, places]) => places.length > 0),
    ),
  };
}

function isSendable(mediaType: string): boolean {
  return isJson(mediaType) || mediaType.startsWith("application/x-www-form-urlencoded");
}

/** Some generators write the media type of every body as a wildcard. */
function isJson(mediaType: string): boolean {
  return /[/+]json\b/.test(mediaType) || mediaType === "*/*";
}

/** The scalars of the first 2xx answer that the document describes. */
export function responseLeaves(
  document: OpenApiDocument,
  responses: JsonObject,
): readonly Leaf[] | undefined {
  for (const status of Object.keys(responses).filter((one) => one.startsWith("2"))) {
    const content = resolveObject(document, responses[status])?.content;
    if (!isObject(content)) continue;
    const media = Object.entries(content).find(([type]) => isJson(type))?.[1];
    const schema = resolveObject(document, media)?.schema;
    if (schema !== undefined && Object.keys(flatten(document, schema)).length > 0)
      return leavesOnce(document, schema);
  }
  return undefined;
}

/** Many operations answer with one schema: what it comes to is kept once. */
function leavesOnce(document: OpenApiDocument, node: Json | undefined): readonly Leaf[] {
  const schema = flatten(document, node);
  const known = document.leaves.get(schema);
  if (known) return known;
  const leaves = leavesOf(document, schema);
  document.leaves.set(schema, leaves);
  return leaves;
}
