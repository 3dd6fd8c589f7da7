import { z } from "zod";
import { controlRowSchema } from "../findings/controls.ts";
import {
  cleanupSchema,
  findingSchema,
  interleavingSchema,
  outcomeSchema,
  reportSchema,
} from "../findings/report.ts";
import { transportReportSchema } from "../findings/transports.ts";

const { preemption, steps, names, diverged } = interleavingSchema.shape;
const raced = { weakness: z.string(), operation: z.string().describe("METHOD /path") };

const played = z.object({
  names: names.describe("the two requests, first and second"),
  held: z.looseObject({ text: z.string().describe("values are parameters") }),
  realisation: z.object({
    preemption,
    realised: z.boolean(),
    reason: z.string().optional().describe("why not"),
    other: z.enum(["finished", "blocked"]).optional(),
    steps,
    diverged,
  }),
  verdict: z.enum(["race", "clean", "not judged"]),
});

/** One line of `--format ndjson`: add keys and types, never rename. `schema/event.schema.json` is made from it. */
export const eventSchema = z
  .discriminatedUnion("type", [
    z.object({
      type: z.literal("started"),
      version: z.string(),
      origin: z.string(),
      document: z.string(),
      seed: z.string(),
    }),
    z.object({
      type: z.literal("spec"),
      operations: z.number(),
      bearer: z.number(),
      candidates: z.number().describe("planned races"),
      ms: z.number(),
    }),
    z.object({
      type: z.literal("probe"),
      transports: transportReportSchema,
      credentials: z
        .array(z.object({ scheme: z.string(), via: z.string().optional(), reason: z.string().optional() }))
        .readonly()
        .describe("how tokens of each scheme are had, or why there are none"),
      ms: z.number(),
    }),
    z.object({ type: z.literal("remark"), text: z.string() }),
    z.object({ type: z.literal("degraded"), transport: z.string(), reason: z.string() }),
    z.object({ type: z.literal("warning"), text: z.string() }),
    z.object({ type: z.literal("race-started"), ...raced, index: z.number(), of: z.number() }),
    z.object({ type: z.literal("schedule"), ...raced, played }),
    z.object({
      type: z.literal("trial"),
      done: z.number(),
      planned: z.number(),
      requests: z.number().describe("of the scan so far"),
    }),
    z.object({ type: z.literal("race-ended"), outcome: outcomeSchema, requests: z.number() }),
    z.object({
      type: z.literal("controls"),
      controls: z.array(controlRowSchema).readonly(),
      ms: z.number(),
    }),
    z.object({ type: z.literal("cleanup"), cleanup: cleanupSchema }),
    z.object({ type: z.literal("finding"), finding: findingSchema }),
    z.object({
      type: z.literal("ended"),
      report: reportSchema,
      requests: z.number(),
      ms: z.number(),
    }),
  ])
  .describe("An event of a deadheat scan; the report is in the last one");

/** JSON Schema 2020-12 of an event. */
export function eventJsonSchema(): unknown {
  return z.toJSONSchema(eventSchema, { io: "input" });
}
