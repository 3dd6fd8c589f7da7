import { z } from "zod";
import { network } from "./network-schema.ts";
import { recipeStep, recipeSteps, setUpSteps } from "./step-schema.ts";
import { headerName, jsonPath, secret, template, variableName } from "./text-schema.ts";

const oauth2 = z
  .strictObject({
    grant: z
      .enum(["password", "client_credentials", "refresh_token"])
      .describe("RFC 6749: password §4.3, client_credentials §4.4, refresh_token §6."),
    tokenUrl: template.describe("Token endpoint: a path of the target, or a URL."),
    revocationUrl: template
      .describe("Revocation endpoint (RFC 7009): a path of the target, or a URL.")
      .optional(),
    clientId: template.describe("The client's identifier.").optional(),
    clientSecret: secret.describe("The client's secret; absent for a public client.").optional(),
    clientAuthentication: z
      .enum(["basic", "body"])
      .describe("How the client shows its secret (RFC 6749 §2.3.1); default: basic.")
      .optional(),
    username: template.describe("Resource owner, for the grant password.").optional(),
    password: z
      .union([template, secret])
      .describe("Of a user made for testing, for the grant password: a text or a secret.")
      .optional(),
    refreshToken: secret.describe("The first refresh token, for the grant refresh_token.").optional(),
    scope: template.describe("Scopes to ask for, with spaces between them.").optional(),
  })
  .describe("Tokens from an OAuth 2.0 token endpoint.");

const principal = z
  .strictObject({
    schemes: z
      .array(z.string().min(1))
      .min(1)
      .describe("Security schemes of the document that its tokens serve; default: all.")
      .optional(),
    header: headerName.describe("Header that carries the token; default: as the document says.").optional(),
    keyword: z
      .string()
      .regex(/^[!-~]*$/, "is not one word")
      .describe('Word before the token, such as Bearer or Token; "" for none; default: found by trying.')
      .optional(),
    headers: z
      .record(headerName, template)
      .describe("Further headers of each of its requests, an API key for example.")
      .optional(),
    variables: z
      .record(variableName, z.union([z.string(), secret]))
      .describe(`Values for \${name} in its requests: a text or a secret.`)
      .optional(),
    token: secret.describe("A token of this principal.").optional(),
    tokens: z.array(secret).min(1).describe("Several tokens of this one principal.").optional(),
    register: recipeSteps.describe("Makes a new principal each time it is run.").optional(),
    login: recipeSteps.describe("Gives a token each time it is run.").optional(),
    refresh: recipeSteps.describe(`Gives a new token for \${refresh_token}.`).optional(),
    revoke: recipeSteps.describe(`Ends \${token}.`).optional(),
    oauth2: oauth2.optional(),
    whoami: z
      .strictObject({
        request: recipeStep.shape.request,
        headers: recipeStep.shape.headers,
        name: jsonPath.describe("JSONPath to the name in its answer."),
        is: template.describe("What that name has to be."),
      })
      .describe("A call that tells whose token it is.")
      .optional(),
    setUpOnly: z.boolean().describe("Makes objects for others and is never raced itself.").optional(),
  })
  .describe("How one principal and its tokens are had.");

const object = z
  .strictObject({
    make: setUpSteps.describe("Makes the object."),
    value: jsonPath
      .describe(`JSONPath into the answer of the last step: what goes into the path; default: \${unique}.`)
      .optional(),
    as: z.string().describe("Principal that makes it; default: the one that is raced.").optional(),
    remove: setUpSteps.describe(`Removes it again; \${value} names it.`).optional(),
  })
  .describe("How an object that a path parameter names is made.");

const mail = z
  .strictObject({
    smtp: z
      .strictObject({
        port: z.int().min(1).max(65_535).describe("Port on 127.0.0.1 that the API sends its mail to."),
      })
      .describe("Starts a mail server on this machine that takes the API's mail.")
      .optional(),
    file: z.string().min(1).describe("A file or a folder that the API writes its mail to.").optional(),
    pattern: z
      .string()
      .describe(
        "Regular expression whose first group is the code; default: 4 to 10 digits, or a link's token=.",
      )
      .optional(),
  })
  .describe("Where codes that the API sends by mail are read: smtp or file.");

const scan = z
  .strictObject({
    seed: z.string().min(1).describe("Reproduces amounts, orders and offsets.").optional(),
    trials: z.int().min(1).max(10_000).describe("Trials a scenario, fixed in advance.").optional(),
    thorough: z
      .boolean()
      .describe("300 trials a scenario, and five minutes' wait for what lets a token in after its end.")
      .optional(),
    timeoutMs: z.int().min(1).max(600_000).describe("For each request, milliseconds.").optional(),
    timeLimitMs: z
      .int()
      .min(1000)
      .max(86_400_000)
      .describe("For the trials of one scenario at one operation, milliseconds.")
      .optional(),
    requests: z.int().min(1).max(10_000_000).describe("Most requests of the whole scan.").optional(),
    ratePerSecond: z
      .number()
      .positive()
      .max(100_000)
      .describe("Most requests a second, on average.")
      .optional(),
  })
  .describe("How much is raced, and how fast.");

const commands = z.array(z.string().min(1)).min(1);

const prove = z
  .strictObject({
    python: z.string().min(1).describe("Interpreter that has the project's requirements.").optional(),
    settings: z
      .string()
      .regex(/^[\w.]+$/, "is not a module such as shop.settings")
      .describe("Settings module.")
      .optional(),
    env: z
      .record(
        z.string().regex(/^[A-Za-z_]\w*$/, "is not a name of a variable"),
        z.union([z.string(), secret]),
      )
      .describe("Environment variables of the project: a text or a secret. None of your own are passed on.")
      .optional(),
    overrides: z
      .record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "is not a name of a setting"), z.unknown())
      .describe("Settings that are replaced, by name.")
      .optional(),
    services: commands.describe("Commands that run beside the project: a Redis, an S3.").optional(),
    before: commands.describe("Commands that are run once the tables are there.").optional(),
    fixtures: commands.describe("Names for manage.py loaddata.").optional(),
    tests: commands.describe("The project's own tests: commands that are run on the fixed copy.").optional(),
    command: z
      .string()
      .min(1)
      .describe("Starts the server, in place of gunicorn; it listens on 127.0.0.1:$PORT.")
      .optional(),
    tables: z
      .enum(["migrations", "models"])
      .describe("Where tables come from; default: migrations, and models where those fail.")
      .optional(),
  })
  .describe("What deadheat prove needs to start the project.");

/** deadheat.yaml. Every key is described here; the JSON Schema for editors is made of it. */
export const configSchema = z.strictObject({
  document: z.string().min(1).describe("OpenAPI 3 document, from this file's folder.").optional(),
  target: z
    .string()
    .regex(/^https?:\/\/[^\s/@]+\/?$/i, "is not an origin such as http://127.0.0.1:8000")
    .describe("Origin of the running API.")
    .optional(),
  allow: z
    .array(z.string().regex(/^https?:\/\/[^\s/@]+$/i, "is not an origin such as https://api.test:8443"))
    .describe("Exact origins beyond this machine that may be scanned; --authorized has to be given too.")
    .optional(),
  optIn: z
    .array(z.string().min(1))
    .describe(
      "Operations, by operationId or METHOD /path, that may be called although they may move money or send mail.",
    )
    .optional(),
  principals: z
    .record(z.string().regex(/^[A-Za-z_][\w-]*$/, "is not a name of letters, digits, _ and -"), principal)
    .describe("Who calls the API, by a name of your own.")
    .optional(),
  objects: z
    .record(
      z
        .string()
        .regex(/^[^\s{}/]+$|^\/\S*\{[^{}/\s]+\}$/, "is neither a path parameter nor a path that ends in one"),
      object,
    )
    .describe(
      "Objects that paths name: by path parameter (code), or by path where several are called alike (/coupons/{id}).",
    )
    .optional(),
  mail: mail.optional(),
  scan: scan.optional(),
  prove: prove.optional(),
  network: network.optional(),
  output: z.string().min(1).describe("Folder for reports, from this file's folder.").optional(),
});

export type ConfigInput = z.infer<typeof configSchema>;
export type PrincipalInput = z.infer<typeof principal>;
export type ProveInput = z.infer<typeof prove>;
export type ObjectInput = z.infer<typeof object>;
export type OAuth2Input = z.infer<typeof oauth2>;

/** The schema that editors complete and check by, JSON Schema 2020-12. */
export function configJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(configSchema, { target: "draft-2020-12", io: "input" }),
    title: "deadheat.yaml",
    description: "Configuration of deadheat.",
  };
}
