import { createHash, timingSafeEqual } from "node:crypto";
import type { AuthorizationHeader } from "../authorization.ts";
import { type Answer, jsonAnswer, problemAnswer } from "./answer.ts";

/** A request to one of the two endpoints about tokens: `POST`, with a form. */
export interface TokenRequest {
  /** The value of the `Authorization` header, as node:http gives it. */
  readonly authorization: AuthorizationHeader;
  /** The body as it came (`token=…&token_type_hint=…`), or as a framework has parsed it. */
  readonly body: string | Readonly<Record<string, unknown>> | undefined;
}

/** Who asks, by whatever the clients of the API have agreed on; undefined where it is nobody that may. */
export type Authenticate<Client> = (request: TokenRequest) => Promise<Client | undefined>;

/** RFC 6749 §5.2 as RFC 7009 §2.2.1 and RFC 7662 §2.3 use it. */
export async function answerAboutToken<Client>(
  request: TokenRequest,
  authenticate: Authenticate<Client>,
  answer: (token: string, client: Client) => Promise<Answer>,
): Promise<Answer> {
  try {
    const client = await authenticate(request);
    if (client === undefined)
      return jsonAnswer(401, { error: "invalid_client" }, { "www-authenticate": "Basic" });
    const token = parameter(request.body, "token");
    if (token === undefined) return jsonAnswer(400, { error: "invalid_request" });
    return await answer(token, client);
  } catch (error) {
    const problem = problemAnswer(error);
    if (problem) return problem;
    throw error;
  }
}

/** Once, and not empty: of a parameter that comes twice none is to be chosen (RFC 6749 §3.2). */
function parameter(body: TokenRequest["body"], name: string): string | undefined {
  const values = typeof body === "string" ? new URLSearchParams(body).getAll(name) : [body?.[name]];
  const [value] = values;
  return values.length === 1 && typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Whether two secrets are equal, in a time that tells nothing about where they differ, nor about how long they are.
 *
 * @throws nothing
 * @example
 * secretsEqual("a", "a"); // true
 */
export function secretsEqual(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash("sha256").update(text, "utf8").digest());
  return timingSafeEqual(first as Buffer, second as Buffer);
}
