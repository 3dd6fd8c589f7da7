import { z } from "zod";

const place = { file: z.string().describe("relative to the project, with /"), line: z.int() };

/** What `deadheat check --format json` writes. Keys are added, never renamed. */
export const checkReportSchema = z
  .object({
    schema: z.literal("deadheat/check/1"),
    tool: z.object({ name: z.literal("deadheat"), version: z.string() }),
    findings: z
      .array(
        z.object({
          rule: z.string(),
          weakness: z.string(),
          severity: z.enum(["high", "medium", "low", "info"]),
          confidence: z.enum(["high", "medium", "low"]),
          ...place,
          endLine: z.int(),
          function: z.string().describe("Class.method or name"),
          path: z
            .array(
              z.object({
                ...place,
                role: z.string(),
                text: z.string().describe("the line itself"),
                function: z.string(),
                note: z.string().optional(),
              }),
            )
            .readonly()
            .describe("authentication → read → test → write"),
          fixable: z.boolean(),
          title: z.string(),
          message: z.string(),
          because: z.string().describe("why nothing protects it"),
          interleaving: z.array(z.string()).readonly().describe("two requests, in the order that breaks it"),
          fix: z.string(),
          fingerprint: z.string().describe("stays the same while lines move"),
          route: z.object({ method: z.string(), path: z.string() }).optional(),
          operation: z
            .object({ method: z.string(), path: z.string(), operationId: z.string().optional() })
            .optional(),
        }),
      )
      .readonly(),
    files: z.int().describe("Python files looked at"),
    bytes: z.int(),
    partial: z
      .array(z.object({ file: z.string(), reason: z.string() }))
      .readonly()
      .describe("files that could be analysed in part only"),
    ignored: z.int().describe("findings left out by a comment in the source, or by the baseline"),
    durationMs: z.number(),
  })
  .describe("The report of one deadheat check");

export function checkJsonSchema(): unknown {
  return z.toJSONSchema(checkReportSchema, { io: "input" });
}
