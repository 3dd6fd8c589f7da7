import type { Operation } from "../plan/operation.ts";
import type { CredentialPlan } from "../plan/plan.ts";
import type { HeaderScheme } from "./security.ts";
import { looksLikeToken } from "./tokens.ts";

const MINTS = /log-?in|sign-?in|auth|token|session/i;
const REGISTERS = /register|sign-?up|users?\b|accounts?\b|create/i;
/** Open operations with a secret in their body that nevertheless are neither: they send mail or spend a code. */
const NEITHER = /reset|forgot|verify|confirm|recover|invite|magic|callback|webhook/i;

/**
 * Where tokens of each bearer scheme may come from. A body with a secret in it makes an open POST a
 * registration or a login; which of the two it is, and where its answer holds the token, is found
 * by calling it. Words only order the attempts.
 */
export function planCredentials(
  operations: readonly Operation[],
  declared: readonly HeaderScheme[],
): CredentialPlan[] {
  const schemes = declared.filter(({ name }) => operations.some((one) => one.bearer.includes(name)));
  const takesSecret = operations.filter(
    (one) =>
      (one.open || isOpenAllTheSame(one)) &&
      one.method === "POST" &&
      one.pathParameters.length === 0 &&
      one.unfillable === undefined &&
      one.body?.slots.some((slot) => slot.secret) &&
      !NEITHER.test(one.words),
  );
  return schemes.map(({ name: scheme, header, keywords }) => ({
    scheme,
    header,
    keywords,
    registrations: nearest(scheme, operations, byScore(takesSecret, registrationScore)),
    logins: nearest(scheme, operations, byScore(takesSecret, loginScore)),
    probes: probesOf(scheme, operations),
    removers: removersOf(scheme, operations),
  }));
}

/** What generators write for all of an API holds for its login as well (springdoc), which nobody could call then. */
function isOpenAllTheSame({ inherits, words }: Operation): boolean {
  return inherits === true && /log-?in|sign-?in|sign-?up|authenticate|register/i.test(words);
}

const ITSELF = /\/(me|self)\/?$/;
const PEOPLE = /\/(users?|accounts?|members?|customers?|players?|people|profiles?)\/\{[^}/]+\}\/?$/i;

/** Only what is plainly the principal itself, or the account that its registration gave the id of. */
function removersOf(scheme: string, operations: readonly Operation[]): Operation[] {
  const removes = (one: Operation) =>
    (ITSELF.test(one.path) && one.pathParameters.length === 0) ||
    (PEOPLE.test(one.path) && one.pathParameters.length === 1);
  const found = operations.filter(
    (one) =>
      one.method === "DELETE" &&
      one.bearer.includes(scheme) &&
      one.unfillable === undefined &&
      !one.body?.required &&
      removes(one),
  );
  return found.sort((a, b) => a.pathParameters.length - b.pathParameters.length);
}

function probesOf(scheme: string, operations: readonly Operation[]): Operation[] {
  return (
    operations
      .filter((one) => one.method === "GET" && one.bearer.includes(scheme) && !one.open)
      .filter((one) => one.unfillable === undefined)
      // One that names an object tells less: a good token is not told apart by its success.
      .sort((a, b) => a.pathParameters.length - b.pathParameters.length)
      .slice(0, 4)
  );
}

function byScore(operations: readonly Operation[], score: (operation: Operation) => number): Operation[] {
  return operations
    .map((one) => ({ one, points: score(one) }))
    .sort((a, b) => b.points - a.points)
    .map(({ one }) => one);
}

function registrationScore(operation: Operation): number {
  const mints = operation.leaves?.some(looksLikeToken) ?? false;
  return (
    (REGISTERS.test(operation.words) ? 2 : 0) -
    (MINTS.test(operation.words) ? 1 : 0) -
    (mints ? 1 : 0) +
    (operation.statuses.includes("201") ? 1 : 0) +
    (operation.statuses.includes("409") ? 1 : 0)
  );
}

function loginScore(operation: Operation): number {
  const mints = operation.leaves?.some(looksLikeToken) ?? false;
  return (
    (MINTS.test(operation.words) ? 2 : 0) + (mints ? 2 : 0) + (operation.statuses.includes("401") ? 1 : 0)
  );
}

/** With several schemes in one document, those whose path is nearest to the scheme's own come first. */
function nearest(scheme: string, all: readonly Operation[], candidates: readonly Operation[]): Operation[] {
  const own = new Set(all.filter((one) => one.bearer.includes(scheme)).map((one) => one.path.split("/")[1]));
  const rank = (operation: Operation) => (own.has(operation.path.split("/")[1]) ? 0 : 1);
  return [...candidates].sort((a, b) => rank(a) - rank(b));
}
