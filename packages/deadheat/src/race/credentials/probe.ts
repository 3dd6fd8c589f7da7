import type { Operation } from "../../plan/operation.ts";
import type { CredentialPlan } from "../../plan/plan.ts";
import { compose } from "../compose.ts";
import { refused, succeeded } from "../exchange.ts";
import type { Session } from "../session.ts";
import { GARBAGE, type Presentation, present, type Token } from "../token.ts";

/** A protected read that tells a good token from a bad one, or `undefined` where there is none. */
export async function discriminatingProbe(
  session: Session,
  plan: CredentialPlan,
  headers: Readonly<Record<string, string>> = {},
): Promise<Operation | undefined> {
  const [keyword = "Bearer"] = plan.keywords;
  for (const probe of plan.probes) {
    const garbage = present(GARBAGE, { header: plan.header, keyword }, headers);
    const answer = await session.sendPatiently(probing(probe, garbage));
    if (answer.status === 401 || answer.status === 403) return probe;
  }
  return undefined;
}

/**
 * For APIs that refuse a bad token with another status than 401 and 403 (Parse answers 400, code 209): a protected read
 * that refuses garbage and lets a token in that is known to be good. Without the token it could not be told from a
 * read that lacks a parameter.
 */
export async function probeByToken(
  session: Session,
  plan: CredentialPlan,
  value: string,
  presentations: readonly Presentation[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Operation | undefined> {
  for (const probe of plan.probes.filter((one) => one.pathParameters.length === 0))
    for (const presentation of presentations) {
      if (!(await accepts(session, probe, present(value, presentation, headers)))) continue;
      const answer = await session.sendPatiently(probing(probe, present(GARBAGE, presentation, headers)));
      if (refused(answer)) return probe;
    }
  return undefined;
}

export async function accepts(session: Session, probe: Operation, token: Token): Promise<boolean> {
  const answer = await session.sendPatiently(probing(probe, token));
  // "No such object" is said to those who were let in.
  if (probe.pathParameters.length > 0) return [200, 400, 404, 422].includes(answer.status ?? 0);
  return succeeded(answer);
}

/** The way of sending `value` that the probe accepts; documents often do not say which word goes before it. */
export async function presentationOf(
  session: Session,
  probe: Operation,
  value: string,
  presentations: readonly Presentation[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Presentation | undefined> {
  for (const presentation of presentations)
    if (await accepts(session, probe, present(value, presentation, headers))) return presentation;
  return undefined;
}

function probing(probe: Operation, token: Token) {
  return compose(probe, {
    token,
    bindings: Object.fromEntries(probe.pathParameters.map((one) => [one, "0"])),
  });
}
