import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import type { Credentials } from "../credentials/index.ts";
import { refused, succeeded } from "../exchange.ts";
import { scalars } from "../pointer.ts";
import type { Token } from "../token.ts";

const MOST_TRIED = 6;
const TOKEN = /^[A-Za-z0-9\-._~+/|]{8,}=*$/;

/** A token that came with an answer, sent as those of its principal are. */
export function presentedFor(credentials: Credentials, value: string, like: Token): Token {
  const token = credentials.present(value);
  return { ...token, headers: { ...like.headers, ...token.headers } };
}

/** Whether a protected read lets a token in; `undefined` where the answer tells neither. */
export async function isAccepted(
  context: RaceContext,
  { probe }: Credentials,
  token: Token,
): Promise<boolean | undefined> {
  if (!probe) return undefined;
  const bindings = Object.fromEntries(probe.pathParameters.map((one) => [one, "0"]));
  const answer = await context.session.send(compose(probe, { token, bindings }));
  if (succeeded(answer)) return true;
  // "No such object" is said to those who were let in.
  if (probe.pathParameters.length > 0 && [400, 404, 422].includes(answer.status ?? 0)) return true;
  return refused(answer) ? false : undefined;
}

/** Where in an answer a token is that a protected read accepts. */
export async function acceptedAt(
  context: RaceContext,
  credentials: Credentials,
  body: unknown,
  like: Token,
): Promise<string | undefined> {
  const likely = (pointer: string) => Number(/token|jwt|access|key/i.test(pointer));
  const texts = scalars(body)
    .filter(({ value }) => typeof value === "string" && TOKEN.test(value) && value !== like.value)
    .sort((a, b) => likely(b.pointer) - likely(a.pointer))
    .slice(0, MOST_TRIED);
  for (const { pointer, value } of texts)
    if (await isAccepted(context, credentials, presentedFor(credentials, String(value), like)))
      return pointer;
  return undefined;
}
