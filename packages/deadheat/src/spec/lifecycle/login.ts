import { type Described, lastSegment } from "../facts/described.ts";
import type { Field } from "../facts/fields.ts";
import { wordsOf } from "../facts/words.ts";
import { collectionOf } from "../linking/request.ts";
import { codeField } from "./codes.ts";
import { oneTimeCode } from "./one-time-code.ts";
import type { LifecycleRule } from "./rule.ts";
import { givenToken, isAboutTokens, isName, isPassword, saidOf, takenToken } from "./tokens.ts";

const NAMED = /\b(log ?in|sign ?in|log ?on|sign ?on|authenticates?|obtain)\b/;
const SIGNS_IN = /\b(log ?in|sign ?in|log ?on|sign ?on|authenticates?)\b/;
const OPENS = /\b(create|open|start|new)s? (\w+ ){0,3}sessions?\b/;
const EXCHANGES =
  /\b(exchange|create|generate|issue|gets?|mint|obtain|obtains) (an? |the |new |short |lived |account |user |installation |personal )*((access|api|auth|authentication|bearer|oauth2?|session|id) )?(token|ticket|jwt)\b/;
const GRANTS = /^(authorizationcode|clientcredentials|password|code)$/;
const REGISTERS =
  /\b(register|registration|sign ?up|create (an? |new )?(user|account|customer|member)s?(?! (access )?(token|jwt|session))|forgot|forgotten|recover|invite|change|update)\b/;
const LOOKS =
  /\b(verify|verification|check|validate|validity|introspect|inspect|info|revoke|revocation|refresh|renew|log ?out|sign ?out)\b/;
const KEY = /^(api|client|app|application|access|service)?(key|secret|id|keyid|secretkey|accesskey)$/;

const MOST_FIELDS = 10;

/** Gives a token, or opens a session, for something that is none. */
export const login: LifecycleRule = {
  lifecycle: "login",
  evidence(one) {
    const said = saidOf(one);
    if (one.operation.method === "GET") return byBasic(one, said);
    if (one.operation.method !== "POST" && one.operation.method !== "PUT") return undefined;
    const takes = whatItTakes(one);
    const opens = opensSession(one);
    const isGrant = grantType(one);
    const isNamed = isAboutTokens(lastSegment(one)) || exchanges(said) || NAMED.test(said);
    // Answers are large, and those of most operations need not be looked at for this.
    if (!takes && !opens && !isGrant && !isNamed) return undefined;
    const gives = givenToken(one);
    if (isGrant && (gives || one.gives === undefined))
      return ["takes a grant_type", ...(gives ? [`answers with ${gives.pointer}`] : ["is a token endpoint"])];
    if (LOOKS.test(said)) return undefined;
    if (REGISTERS.test(said) && !NAMED.test(said)) return undefined;
    if (takes && (gives || (NAMED.test(said) && takes.includes("pass")) || opens))
      return [
        takes,
        ...(gives ? [`answers with ${gives.pointer}`] : []),
        ...(opens ? [opens] : gives ? [] : ["is called a login"]),
      ];
    if (takes && isAboutTokens(lastSegment(one)) && one.givesText) return [takes, "answers with one text"];
    const bare = takes ? undefined : isBare(one);
    if (bare) return [bare, "is called a login"];
    const called = `is called ${said.split(" ").slice(0, 4).join(" ")}`;
    // A token of somebody else's for one that opens this API, in a text of its own.
    if (isNamed && EXCHANGES.test(said) && one.givesText) return ["answers with one text", called];
    // An older token for a newer one is a refresh, unless it says that somebody signs in with it; a code is spent.
    if ((takenToken(one) && !SIGNS_IN.test(said)) || isSpent(one)) return undefined;
    const shown = gives ?? keyOfToken(one);
    if (shown && isNamed) return [`answers with ${shown.pointer}`, called];
    return opens && takesNothing(one) ? [opens, "asks for nothing else"] : undefined;
  },
};

/** `GET /login` under basic credentials, as some write it. */
function byBasic(one: Described, said: string): readonly string[] | undefined {
  const basic = one.security.flat().some(({ kind }) => kind === "basic");
  if (!basic || !(NAMED.test(said) || isAboutTokens(lastSegment(one))) || LOOKS.test(said)) return undefined;
  const gives = givenToken(one);
  if (!gives && !one.givesText) return undefined;
  return ["asks for basic credentials", gives ? `answers with ${gives.pointer}` : "answers with one text"];
}

/** The second step of a login: without a name and a password, it takes a code that is good once. */
function isSpent(one: Described): boolean {
  return codeField(one) !== undefined && oneTimeCode.evidence(one, []) !== undefined;
}

/** Called a login and no more than that: it takes some kind of password, or nothing is said of what it takes. */
function isBare(one: Described): string | undefined {
  if (one.operation.method !== "POST" || !/^(log|sign) ?(in|on)$/.test(wordsOf(lastSegment(one)).join(" ")))
    return undefined;
  const secret = one.takes.find(
    (field) => field.depth <= 3 && /(password|passwd|pass|pwd)$/.test(field.plain),
  );
  if (secret) return `takes ${secret.pointer}`;
  const isOpen = one.operation.open && !one.template.includes("{") && one.node.requestBody === undefined;
  return isOpen ? "is open to all" : undefined;
}

/** `POST /tokens`: the key in its answer is the token. */
function keyOfToken(one: Described): Field | undefined {
  if (!isAboutTokens(lastSegment(one))) return undefined;
  return one.gives?.find(
    (field) => field.depth <= 2 && /^(key|secret|value|plaintext|sha1)$/.test(field.plain),
  );
}

function exchanges(said: string): boolean {
  return EXCHANGES.test(said);
}

function grantType({ takes, parameters }: Described): boolean {
  const isGrant = takes.some((field) => field.plain === "granttype");
  const inQuery = parameters.some(({ name }) => name === "grant_type");
  const only = takes.find((field) => field.plain === "granttype")?.schema.enum;
  // `grant_type: [refresh_token]` alone is no login.
  const fitting =
    !Array.isArray(only) || only.some((value) => GRANTS.test(String(value).replace(/[^a-z]/gi, "")));
  return (isGrant && fitting) || inQuery;
}

function whatItTakes({ takes }: Described): string | undefined {
  // An object that has, among much else, a name and a password is a site or a device.
  if (takes.length > MOST_FIELDS) return undefined;
  const password = takes.filter((field) => field.depth <= 2 && isPassword(field));
  const name = takes.find((field) => isName(field));
  // Two passwords are an old one and a new one, or one that is repeated.
  if (password.length === 1 && name) return `takes ${name.pointer} and ${password[0]?.pointer}`;
  const keys = takes.filter((field) => field.depth === 1 && KEY.test(field.plain));
  const secret = keys.find((field) => /secret|key$/.test(field.plain));
  return secret && keys.length >= 2 && takes.length <= 4
    ? `takes ${keys.map(({ pointer }) => pointer).join(" and ")}`
    : undefined;
}

/** `POST /sessions`, of nobody's in particular; `POST /sessions/playing` reports what happens in one. */
function opensSession(one: Described): string | undefined {
  if (one.operation.method !== "POST" || one.template.includes("{")) return undefined;
  const segments = one.template.split("/").flatMap(wordsOf);
  const said =
    collectionOf(one) === "session" && /\b(create|new|open|start|log ?in|sign ?in)\b/.test(one.words);
  const isOne = segments.includes("sessions") && OPENS.test(one.words);
  return said || isOne ? "opens a session" : undefined;
}

function takesNothing({ takes }: Described): boolean {
  return takes.every((field) => !field.required);
}
