import { JSONPathEnvironment, JSONPathError } from "json-p3";
import { z } from "zod";

const paths = new JSONPathEnvironment();

/** What a place may hold instead of a literal secret. */
export const secret = z
  .strictObject(
    {
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of an environment variable")
        .describe("Environment variable that holds it.")
        .optional(),
      file: z.string().min(1).describe("File that holds it, from this file's folder.").optional(),
      command: z
        .array(z.string())
        .min(1)
        .describe("Program and arguments; it prints the secret. Run without a shell, 10 s at most.")
        .optional(),
    },
    { error: (issue) => (typeof issue.input === "string" ? LITERAL : undefined) },
  )
  .refine((one) => Object.values(one).filter((value) => value !== undefined).length === 1, {
    error: "needs exactly one of env, file, command",
  })
  .meta({ id: "secret", minProperties: 1, maxProperties: 1 });

/** The message for a secret that stands in the file itself. */
export const LITERAL = "a secret does not belong in this file";

/** A text in which `${name}` stands for a variable. */
export const template = z.string();

export const jsonPath = z.string().superRefine((text, context) => {
  const problem = jsonPathProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

/** The path itself is not repeated: whoever mistakes `token:` for the place of a token wrote one there. */
function jsonPathProblem(text: string): string | undefined {
  try {
    paths.compile(text);
    return undefined;
  } catch (cause) {
    const index = cause instanceof JSONPathError ? cause.token.index : 0;
    return `is not a JSONPath such as $.access_token (RFC 9535), from character ${index + 1} on`;
  }
}

export const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is not the name of a header");
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name of letters, digits and _");
