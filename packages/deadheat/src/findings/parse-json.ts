import type { z } from "zod";

/** The value of a JSON text that fits `schema`; `invalid` makes the error that is thrown where it does not. */
export function parseJsonAs<S extends z.ZodType>(
  text: string,
  schema: S,
  what: string,
  invalid: (problem: string, cause?: unknown) => Error,
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid("not JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`not a ${what} (${issue?.path.join(".") || "the file"}: ${issue?.message ?? "unexpected"})`);
}
