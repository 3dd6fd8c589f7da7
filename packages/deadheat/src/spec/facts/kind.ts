import type { OperationKind } from "../../plan/analysis.ts";
import { type Described, endsInParameter, lastSegment } from "./described.ts";
import { isMaking, plain, staticSegments, wordsOf } from "./words.ts";

const READS =
  /^(get|list|search|find|query|check|count|estimate|preview|validate|(verify|test) (an? |the )?token|token (verify|test)|verify token|calculate|lookup|look up|fetch|retrieve|export|evaluate|compute|compare|introspect|generate (release )?notes|download)\b/;
/** What is done to something that is there: no new object comes of it. */
const CHANGES =
  /^(update|edit|modify|review|set|change|remove|delete|revoke|reset|enable|disable|activate|deactivate|archive|restore|cancel|approve|reject|accept|decline|merge|publish|start|stop|run|retry|move|transfer|lock|unlock|mark|sync|process|exchange|convert|replay|send|clear|assign|unassign|login|log in|sign in|authenticate|logout|purge|rotate|regenerate|redeliver|ping|test|bulk)\b/;
/** The same, where a method says "write this": `PUT /sites/{id}/disable`. */
const ACTS =
  /^(enable|disable|activate|deactivate|archive|unarchive|restore|rollback|cancel|approve|reject|accept|decline|merge|publish|unpublish|start|stop|lock|unlock|transfer|suspend|unsuspend|star|unstar|pin|unpin|unlink|complete)\b/;
const CREATES =
  /^(create|add|new|register|post|upload|insert|make|issue|open|submit|import|invite|provision)\b/;

export interface KindContext {
  /** Some operation is at `path/{…}`: the path is a collection. */
  readonly isCollection: (path: string) => boolean;
}

/** What an operation does to state, from its method, its name, its answers and the paths beside it. */
export function kindOf(one: Described, context: KindContext): OperationKind {
  switch (one.operation.method) {
    case "GET":
    case "HEAD":
    case "OPTIONS":
    case "TRACE":
    case "QUERY":
      return "read";
    case "DELETE":
      return "delete";
    case "PATCH":
      return phrasesOf(one).some((phrase) => ACTS.test(phrase)) ? "action" : "patch";
    case "PUT":
      return kindOfPut(one, context);
    default:
      return kindOfPost(one, context);
  }
}

function kindOfPut(one: Described, { isCollection }: KindContext): OperationKind {
  if (endsInParameter(one)) return "replace";
  const makes = one.succeeds.includes("201") && !one.succeeds.includes("200");
  if (makes && isCollection(one.template) && givesIdentifier(one)) return "create";
  const acts = phrasesOf(one).some((phrase) => ACTS.test(phrase));
  return acts || one.node.requestBody === undefined ? "action" : "replace";
}

function kindOfPost(one: Described, { isCollection }: KindContext): OperationKind {
  const phrases = phrasesOf(one);
  if (phrases.some((phrase) => READS.test(phrase)) && !one.succeeds.includes("201")) return "read";
  if (endsInParameter(one)) return "action";
  if (makesInside(one, isCollection)) return "create";
  // "Assign a policy" at `/policy_assignments`: its answer is the assignment.
  const shows = one.succeeds.includes("201") && isCollection(one.template) && givesIdentifier(one);
  if (!shows && phrases.some((phrase) => CHANGES.test(phrase))) return "action";
  if (isCollection(one.template) || namesMaking(one, phrases)) return "create";
  if (isNamedAsItsPath(one, phrases)) return SIGNS_UP.test(lastSegment(one)) ? "create" : "action";
  // `POST /me/points`, "Add points", makes nothing.
  const adds =
    phrases.some((phrase) => /^(add|post)\b/.test(phrase)) &&
    !givesIdentifier(one) &&
    !/[^s]s$/.test(lastSegment(one));
  if (phrases.some((phrase) => CREATES.test(phrase)) && !adds) return "create";
  // `POST /targets/{id}/scan_now` answers with a scan and is called after what it does.
  const segment = lastSegment(one);
  const isPlural = /[^s]s$/.test(segment) && !wordsOf(segment).some((word) => VERB.test(word));
  return isPlural && (one.succeeds.includes("201") || givesIdentifier(one)) ? "create" : "action";
}

/** `POST /registrations/request` beside `/registrations/{id}`, whose answer shows which one it made. */
function makesInside(one: Described, isCollection: KindContext["isCollection"]): boolean {
  const parent = one.template.replace(/\/[^/]*\/?$/, "");
  return isMaking(lastSegment(one)) && isCollection(parent) && givesIdentifier(one);
}

/** `submitTransaction` at `/tx/submit`: the last segment is what is done, and no collection. */
function isNamedAsItsPath(one: Described, phrases: readonly string[]): boolean {
  const [verb, ...more] = wordsOf(lastSegment(one));
  return verb !== undefined && more.length === 0 && phrases.some((phrase) => phrase.startsWith(`${verb} `));
}

/**
 * Some write the verb behind: `accounts_create`. Where the rest is the path, a generator has put it behind each POST
 * (`accounts_withdraw_create`): then its status tells whether one is made.
 */
function namesMaking(one: Described, phrases: readonly string[]): boolean {
  const named = phrases.filter((phrase) => / create$/.test(phrase));
  const path = staticSegments(one.template).flatMap(wordsOf).join(" ");
  const [generated, ...others] = named.map((phrase) => path.endsWith(phrase.replace(/ create$/, "")));
  if (generated === undefined) return false;
  return [generated, ...others].some((one) => !one) || one.succeeds.includes("201");
}

const SIGNS_UP = /^(register|sign-?_?up)$/i;
const VERB = /^(now|bulk|activate|archive|cancel|verify|retest)$/;

/** Its operationId and its summary, in lower case: both begin with a verb as a rule, the former behind its tag. */
function phrasesOf(one: Described): string[] {
  const { operationId, summary } = one.node;
  const name = typeof operationId === "string" ? operationId.slice(operationId.lastIndexOf("/") + 1) : "";
  return [name, typeof summary === "string" ? summary : ""]
    .map((text) => wordsOf(text).join(" "))
    .filter((text) => text !== "");
}

function givesIdentifier({ gives = [] }: Described): boolean {
  return gives.some((field) => field.depth <= 2 && /^(id|uuid|key|slug|number)$|id$/.test(plain(field.name)));
}
