import { z } from "zod";
import { configSchema } from "../schema.ts";
import { headerName, jsonPath, secret, template, variableName } from "../text-schema.ts";

/** Most requests of one burst (DESIGN §11). */
const MOST_REQUESTS = 20;

const request = z
  .string()
  .regex(/^[A-Z]+ \/(?![/\\])[^\s#\\]*$/, "is not a method and a path of the target such as POST /orders")
  .describe("Method and path, for example POST /orders.");

const call = {
  request,
  name: z
    .string()
    .regex(/^[A-Za-z_][\w-]*$/, "is not a name of letters, digits, _ and -")
    .describe("How reports and answers call it; default: the request.")
    .optional(),
  as: z.string().describe("Principal that calls; default: nobody.").optional(),
  token: z
    .int()
    .min(1)
    .max(MOST_REQUESTS)
    .describe("Which of that principal's tokens it goes out under; default: 1.")
    .optional(),
  headers: z.record(headerName, template).describe("Headers of the request.").optional(),
  json: z
    .unknown()
    .describe(
      `Body, sent as JSON; texts may hold \${name}, and "\${name}" alone stays a number where it is one.`,
    )
    .optional(),
  form: z
    .record(z.string(), template)
    .describe("Body, sent as application/x-www-form-urlencoded.")
    .optional(),
  extract: z.record(variableName, jsonPath).describe(`Name → JSONPath into the answer.`).optional(),
};

const operation = z
  .strictObject({
    input: z.record(z.string(), z.unknown()).describe("What the model is asked, for example { type: take }."),
    output: z
      .string()
      .min(1)
      .describe("JSONata over the JSON body of the answer: what the operation returned.")
      .optional(),
  })
  .describe("What this request is to the model.");

const step = z.strictObject(call).meta({ id: "raceStep", description: "One call." });
const observeStep = z
  .strictObject({ ...call, operation: operation.optional() })
  .meta({ id: "observeStep", description: "A read; it has to be answered 2xx." });
const cleanUpStep = z
  .strictObject({ ...call, removes: z.string().describe("Principal that is gone after it.").optional() })
  .meta({ id: "cleanUpStep", description: "Takes something away again; 404 and 410 are fine, too." });

const offset = z.number().min(0).max(60_000);
const concurrentStep = z
  .strictObject({
    ...call,
    count: z.int().min(1).max(MOST_REQUESTS).describe("How many of it; default: 1.").optional(),
    offsetMs: z
      .union([offset, z.array(offset).length(2)])
      .describe("Its last byte leaves so long after the first, ms: a number, or [from, to].")
      .optional(),
    operation: operation.optional(),
  })
  .meta({ id: "concurrentStep", description: "A request of the race." });

const listOf = <S extends z.ZodType>(one: S) => z.array(z.union([request, one])).min(1);

const invariant = z.string().min(1).max(10_000);

/** A race file. Every key is described here; the JSON Schema for editors is made of it. */
export const raceSchema = z.strictObject({
  name: z.string().min(1).max(120).describe("What is raced, in words.").optional(),
  target: configSchema.shape.target,
  principals: configSchema.shape.principals,
  variables: z
    .record(variableName, z.union([z.string(), secret]))
    .describe(`Values for \${name} in the steps: a text or a secret.`)
    .optional(),
  setUp: listOf(step).describe("Calls before each trial, in order.").optional(),
  concurrent: listOf(concurrentStep).describe("Requests that are sent together."),
  observe: listOf(observeStep).describe("Reads before and after the requests."),
  invariant: z
    .union([invariant, z.array(invariant).min(1)])
    .describe(
      "JSONata that is true before the race and has to be true after it; sees before, after, answers.",
    )
    .optional(),
  model: z
    .string()
    .min(1)
    .max(200)
    .describe(
      "Sequential specification in place of an invariant: counter, register, limit:3, transfer:100:0, …",
    )
    .optional(),
  cleanUp: listOf(cleanUpStep).describe("Calls after each trial, in order.").optional(),
  transports: z
    .array(z.enum(["http1", "http2"]))
    .min(1)
    .describe("Default: all that the target speaks.")
    .optional(),
  trials: z.int().min(1).max(10_000).describe("Trials, fixed in advance; default: 60.").optional(),
  visibilityMs: z
    .int()
    .min(0)
    .max(60_000)
    .describe("How long an acknowledged write may stay invisible, ms; default: 0.")
    .optional(),
});

export type RaceFile = z.infer<typeof raceSchema>;
export type RaceCall = z.infer<typeof step>;

/** The schema that editors complete and check by, JSON Schema 2020-12. */
export function raceJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(raceSchema, { target: "draft-2020-12", io: "input" }),
    title: "race file",
    description: "A race of one's own, for deadheat race.",
  };
}
