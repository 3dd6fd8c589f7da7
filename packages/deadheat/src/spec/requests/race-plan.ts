import type { PlannedRequest, RacePlan } from "../../plan/analysis.ts";
import { lastName } from "../../plan/names.ts";
import type { Operation } from "../../plan/operation.ts";
import type { Candidate, CredentialPlan, Link, Reference } from "../../plan/plan.ts";
import { put } from "../document/json.ts";
import { needsOptIn } from "../side-effects.ts";

/** As the scan has it: cli/options.ts and race/scenarios/burst.ts. */
const TRIALS = 60;
const ONCE = { least: 1, most: 1 };
/** Bursts of the same request. */
const BURST = { least: 2, most: 20 };

/** The requests of one trial of a candidate, in order, and what they do. */
export function racePlanOf(candidate: Candidate, credentials: readonly CredentialPlan[]): RacePlan {
  const { act, rivals = [], made } = candidate;
  const credential = credentials.find(({ scheme }) => scheme === act.scheme);
  const [rival] = rivals;
  const made_ = made && !act.observers.some((read) => read.id === made.read.id) ? [made.read] : [];
  const links = [...act.links, ...act.references];
  const requests: PlannedRequest[] = [
    ...credentialsOf(credential).map((one) => request("credential", one, undefined, ONCE)),
    ...links.flatMap((link) =>
      "producer" in link ? [request("set-up", link.producer, credential, ONCE)] : [],
    ),
    request("race", act.operation, credential, rival ? ONCE : BURST, act.references),
    ...(rival ? [request("race", rival, credential, ONCE)] : []),
    ...[...observersFor(act), ...made_].map((read) => request("observe", read, credential, ONCE)),
    ...removersOf(links, credential),
  ];
  const mutating = requests.filter(({ mutates }) => mutates);
  const sum = (of: "least" | "most") => mutating.reduce((total, { times }) => total + times[of], 0);
  return {
    trials: TRIALS,
    requests,
    mutationsPerTrial: { least: sum("least"), most: sum("most") },
    mutations: TRIALS * sum("most"),
    sideEffect: worstOf(candidate),
  };
}

/** Of what the body names the reads of each; else the nearest read. */
function observersFor({ observers, references }: Candidate["act"]): readonly Operation[] {
  const named = observers.filter((read) =>
    references.some(({ parameter }) => read.pathParameters.includes(parameter)),
  );
  return named.length > 0 ? named : observers.slice(0, 1);
}

/** One registration and one login; where nothing but logins is there, one of those. */
function credentialsOf(credential: CredentialPlan | undefined): Operation[] {
  const [registration] = credential?.registrations ?? [];
  const [login] = credential?.logins ?? [];
  return [...new Set([registration, login])].filter((one) => one !== undefined);
}

function removersOf(
  links: readonly (Link | Reference)[],
  credential: CredentialPlan | undefined,
): PlannedRequest[] {
  return links.flatMap((link) =>
    "remover" in link && link.remover ? [request("clean-up", link.remover, credential, ONCE)] : [],
  );
}

function request(
  phase: PlannedRequest["phase"],
  operation: Operation,
  credential: CredentialPlan | undefined,
  times: PlannedRequest["times"],
  references: readonly Reference[] = [],
): PlannedRequest {
  const query = new URLSearchParams(operation.query).toString();
  const path = operation.path.replaceAll("{", "${");
  const { body } = operation;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(operation.headers)) put(headers, name.toLowerCase(), value);
  for (const name of operation.freshHeaders) put(headers, name, `\${unique}`);
  if (credential && !operation.open)
    put(headers, credential.header, `${credential.keywords[0] ?? ""} \${token}`.trim());
  if (body) put(headers, "content-type", body.mediaType);
  return {
    phase,
    method: operation.method,
    path: query === "" ? path : `${path}?${query}`,
    headers,
    ...(body ? { body: filled(body.sample, references) } : {}),
    times,
    mutates: operation.method !== "GET",
  };
}

/** The places of the body that name objects which are made first. */
function filled(sample: unknown, references: readonly Reference[]): unknown {
  const named = new Map(
    references.map(({ slot, parameter }) => [lastName(slot.pointer), `\${${parameter}}`]),
  );
  if (named.size === 0 || typeof sample !== "object" || sample === null || Array.isArray(sample))
    return sample;
  return Object.fromEntries(Object.entries(sample).map(([key, value]) => [key, named.get(key) ?? value]));
}

/** In words, the worst first: what a user has to agree to. */
function worstOf({ weakness, act, rivals = [] }: Candidate): string {
  const asked = [act.operation, ...rivals].map(needsOptIn).find((effect) => effect !== undefined);
  if (asked) return asked;
  if (weakness === "revocation-race" || weakness === "refresh-reuse" || act.mayEndToken === "named")
    return "ends tokens that it was given for this";
  if (rivals.some(({ method }) => method === "DELETE")) return "deletes objects that it made";
  if (weakness === "single-use-code") return "spends codes that were made for it";
  return act.links.length + act.references.length > 0
    ? "changes objects that it made"
    : "changes what belongs to the users that it signs in as";
}
