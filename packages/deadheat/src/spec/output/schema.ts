import { z } from "zod";

const location = z.object({ file: z.string(), line: z.number(), column: z.number() });
const level = z.enum(["high", "medium", "low"]);
const range = z.object({ least: z.number(), most: z.number() });

const requirement = z.object({
  scheme: z.string(),
  kind: z.enum(["bearer", "basic", "http", "oauth2", "openIdConnect", "apiKey", "mutualTLS", "unknown"]),
  place: z.string().optional().describe("where it travels: header authorization, query api_key"),
  scopes: z.array(z.string()).readonly(),
});

const request = z.object({
  phase: z.enum(["credential", "set-up", "race", "observe", "clean-up"]),
  method: z.string(),
  path: z
    .string()
    .describe(
      "from the origin on; a name in braces after a dollar sign stands for a value that is had when it runs",
    ),
  headers: z.record(z.string(), z.string()),
  body: z.unknown().optional(),
  times: range.describe("in one trial"),
  mutates: z.boolean(),
});

const plan = z.object({
  trials: z.number(),
  requests: z.array(request).readonly(),
  mutationsPerTrial: range,
  mutations: z.number().describe("of all trials, at most"),
  sideEffect: z.string().describe("the worst that these requests do"),
});

/**
 * The shape of a plan for others to build on (DESIGN §12): add keys, never rename.
 * `schema/plan.schema.json` is made from it.
 */
export const planSchema = z
  .object({
    schema: z.literal("deadheat/plan/1"),
    document: z.string(),
    version: z.string().describe("of OpenAPI, as written"),
    basePath: z.string(),
    operations: z
      .array(
        z.object({
          id: z.string(),
          method: z.string(),
          path: z.string(),
          operationId: z.string().optional(),
          security: z
            .array(z.array(requirement).readonly())
            .readonly()
            .describe("alternatives, of each of which all parts are needed; empty where open to all"),
          kind: z.enum(["read", "create", "replace", "patch", "delete", "action"]),
          tokenLifecycle: z.enum(["login", "refresh", "revoke", "password", "one-time-code"]).nullable(),
          evidence: z.array(z.string()).readonly().optional(),
          controls: z.array(z.string()).readonly().optional(),
          location,
        }),
      )
      .readonly(),
    links: z
      .array(
        z.object({
          producer: z.string(),
          consumer: z.string(),
          parameter: z.string(),
          place: z.enum(["path", "body"]),
          via: z.enum([
            "openapi-link",
            "location",
            "x-deadheat",
            "token-endpoint",
            "response",
            "container",
            "request",
            "chosen-name",
          ]),
          pointer: z.string().optional(),
        }),
      )
      .readonly(),
    unlinked: z
      .array(z.object({ consumer: z.string(), parameter: z.string(), reason: z.string() }))
      .readonly(),
    candidates: z
      .array(
        z.object({
          weakness: z.string(),
          operations: z.array(z.string()).readonly(),
          severity: level,
          confidence: level,
          reasons: z.array(z.string()).readonly(),
          location,
          plan: plan.optional(),
          reason: z.string().optional().describe("why there is no plan"),
        }),
      )
      .readonly(),
    broken: z.boolean().describe("the document has syntax that was not understood"),
    problems: z.array(z.object({ message: z.string(), location })).readonly(),
  })
  .describe("What deadheat plan tells of an OpenAPI document");

/** JSON Schema 2020-12 of the plan, as published in `schema/plan.schema.json`. */
export function planJsonSchema(): unknown {
  return z.toJSONSchema(planSchema, { io: "input" });
}
