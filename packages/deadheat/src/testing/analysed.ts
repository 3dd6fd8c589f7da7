import { analyse } from "../spec/analyse.ts";
import { parseOpenApi } from "../spec/document/load.ts";

type Node = Record<string, unknown>;

export const json = (schema: Node) => ({ content: { "application/json": { schema } } });
/** An object with these scalars: `{ id: "string" }`. */
export const object = (properties: Record<string, string>, required: readonly string[] = []): Node => ({
  type: "object",
  required,
  properties: Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, { type }])),
});
export const takes = (properties: Record<string, string>, required?: readonly string[]) => ({
  requestBody: json(object(properties, required)),
});
export const gives = (properties: Record<string, string>, status = "200") => ({
  responses: { [status]: { description: "", ...json(object(properties)) } },
});

/** The analysis of a document with these paths, in which all operations ask for a bearer token unless they say otherwise. */
export function analysed(paths: Node, rest: Node = {}) {
  const document = {
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    paths,
    ...rest,
  };
  return analyse(parseOpenApi("api.json", JSON.stringify(document)));
}
