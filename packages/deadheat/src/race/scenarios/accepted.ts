import { type TokenText, tokenTexts } from "../answered-tokens.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import type { Credentials } from "../credentials/index.ts";
import { refused, succeeded } from "../exchange.ts";
import type { Token } from "../token.ts";

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

/** Where in an answer a token is that a protected read accepts: another than the one that is known, where there is one. */
export async function acceptedAt(
  context: RaceContext,
  credentials: Credentials,
  body: unknown,
  like: Token,
): Promise<TokenText | undefined> {
  const isKnown = (one: TokenText) => Number(one.value === like.value);
  for (const text of tokenTexts(body).sort((a, b) => isKnown(a) - isKnown(b)))
    if (await isAccepted(context, credentials, presentedFor(credentials, text.value, like))) return text;
  return undefined;
}
