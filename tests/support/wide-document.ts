type Node = Record<string, unknown>;

const text = { type: "string" };
const number = { type: "number" };
const object = (properties: Node, required: readonly string[] = []) => ({
  type: "object",
  required,
  properties,
});
const json = (schema: Node) => ({ content: { "application/json": { schema } } });
const thing = object({
  id: { type: "integer" },
  balance: number,
  amount: number,
  name: text,
  seats_left: { type: "integer" },
});
const body = (properties: Node) => ({ requestBody: json(object(properties, Object.keys(properties))) });
const gives = (schema: Node) => ({ responses: { 200: { description: "", ...json(schema) } } });
const open = { security: [] };
const role = { type: "string", enum: ["owner", "guest"] };
const login = object({ access_token: text, refresh_token: text, expires_in: number });
const idempotent = { parameters: [{ name: "Idempotency-Key", in: "header", schema: text }] };

/** What is asked of each of `count` kinds of objects: something for every rule to look at. */
function kindOfObjects(index: number): Record<string, Node> {
  const own = `/kind${index}s`;
  const names = { from_account: text, to_account: text, [`kind${index}_id`]: text };
  return {
    [own]: {
      get: gives({ type: "array", items: thing }),
      post: { ...body({ name: text, amount: number }), ...idempotent },
    },
    [`${own}/{id}`]: {
      get: {},
      delete: {},
      put: { requestBody: json(thing) },
      patch: { requestBody: json(thing) },
    },
    [`${own}/{id}/withdraw`]: { post: body({ amount: number, ...names }) },
    [`${own}/{id}/transfer`]: { post: { summary: "Transfer to a new owner", ...body({ new_owner: text }) } },
    [`${own}/{id}/members/{member}`]: { put: body({ role }) },
    [`${own}/{id}/parts`]: { post: body({ name: text }) },
    [`${own}/{id}/parts/{part}`]: { delete: {} },
    [`${own}/login`]: { post: { ...open, ...body({ username: text, password: text }), ...gives(login) } },
    [`${own}/logout`]: { post: { responses: { 204: { description: "" } } } },
    [`${own}/refresh`]: { post: { ...open, ...body({ refresh_token: text }), ...gives(login) } },
    [`${own}/reset-password`]: {
      post: { ...open, summary: "Reset password", ...body({ code: text, password: text }) },
    },
    [`${own}/forgot-password`]: { post: { ...open, summary: "Send reset code", ...body({ email: text }) } },
    [`${own}/session/{token}`]: { delete: {} },
    [`/tenants/{tenant}/shared${index}s`]: { post: body({ name: text }) },
    [`/tenants/{tenant}/shared${index}s/{id}`]: { put: body({ amount: number }), delete: {} },
    [`/lists${index}/{list}/entries`]: { post: body({ name: text }) },
    [`/views${index}/entries/{entry_id}`]: { get: {} },
    [`/shelves${index}/{shelf}`]: { put: body({ amount: number }) },
  };
}

/** A document in which the same few things stand `count` times, under names of their own. */
export function wideDocument(count: number) {
  const paths = Object.assign({}, ...Array.from({ length: count }, (_, index) => kindOfObjects(index)));
  for (const [path, item] of Object.entries(paths as Record<string, Record<string, Node>>)) {
    const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: text,
    }));
    for (const operation of Object.values(item)) {
      operation.parameters = [...inPath, ...((operation.parameters as Node[] | undefined) ?? [])];
      operation.responses ??= {
        200: { description: "", ...json(thing) },
        404: { description: "gone" },
        409: { description: "already exists" },
      };
    }
  }
  const jwt = { type: "http", scheme: "bearer", bearerFormat: "JWT" };
  return {
    openapi: "3.1.0",
    info: { title: "wide", version: "1" },
    servers: [{ url: "/" }],
    security: [{ jwt: [] }],
    components: { securitySchemes: { jwt, idle: jwt } },
    paths,
  };
}
