import { z } from "zod";
import { headerName, jsonPath, template, variableName } from "./text-schema.ts";

/** `POST /path`, or `POST https://host/path` where the call goes elsewhere (a token endpoint). */
const request = z
  .string()
  .regex(
    /^[A-Z]+ (\/(?![/\\])|https?:\/\/[^\s/@$?#\\]+(\/|$))[^\s#\\]*$/,
    "is not a method and a path such as POST /login",
  )
  .describe("Method and path, for example POST /login.");

const content = {
  request,
  headers: z.record(headerName, template).describe("Headers of the request.").optional(),
  json: z.unknown().describe(`Body, sent as JSON; texts may hold \${name}.`).optional(),
  form: z
    .record(z.string(), template)
    .describe("Body, sent as application/x-www-form-urlencoded.")
    .optional(),
};
const extract = z
  .record(variableName, jsonPath)
  .describe(`Variable → JSONPath into the answer; later requests use it as \${name}.`)
  .optional();

const setUpStep = z.strictObject({ ...content, extract }).meta({ id: "setUpStep", description: "One call." });

export const recipeStep = z
  .strictObject({
    ...content,
    token: jsonPath.describe("JSONPath to the token in the answer.").optional(),
    refreshToken: jsonPath.describe("JSONPath to the refresh token in the answer.").optional(),
    expiresIn: jsonPath.describe("JSONPath to the token's life in seconds.").optional(),
    extract,
  })
  .meta({ id: "recipeStep", description: "One call." });

export type StepInput = z.infer<typeof recipeStep>;

/** One call or several in order; a call that needs nothing else is its method and path. */
export const recipeSteps = z.union([request, recipeStep, z.array(z.union([request, recipeStep])).min(1)]);
export const setUpSteps = z.union([request, setUpStep, z.array(z.union([request, setUpStep])).min(1)]);

export type StepsInput = z.infer<typeof recipeSteps>;
