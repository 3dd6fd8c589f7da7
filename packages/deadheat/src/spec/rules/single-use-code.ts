import type { ObjectRecipe } from "../../plan/credential.ts";
import { lastName } from "../../plan/names.ts";
import type { Operation, Slot } from "../../plan/operation.ts";
import type { Act, Link, Reference } from "../../plan/plan.ts";
import { linksOf } from "../links.ts";
import { observersOf } from "../observers.ts";
import { schemesNear } from "../schemes.ts";
import { looksLikeToken } from "../tokens.ts";
import { codeLeaves, isCode, isCodeName, KINDS, makersOf } from "./code-makers.ts";
import type { SpecRule } from "./rule.ts";

/** An open operation that takes a code which another one makes: how often does one code let in? */
export const singleUseCode: SpecRule = {
  weakness: "single-use-code",
  candidates(declared, all, objects) {
    const link = linkOf(declared);
    const operation = withGrant(link?.operation ?? declared);
    const { method, path, open, unfillable } = operation;
    if ((method !== "POST" && !link) || !open || unfillable !== undefined) return [];
    const [scheme] = schemesNear(path, all);
    if (scheme === undefined) return [];
    // It is the principal that asks for the code, whoever brings it.
    const asked = { ...operation, bearer: [scheme] };
    const source = link ? madeElsewhere(asked, link.slot, all) : sourceOf(asked, all, objects);
    if (!source) return [];
    const { links, references, made } = source;
    const act: Act = { operation, scheme, links, references, observers: observersOf(operation, scheme, all) };
    const signsIn = operation.leaves?.some(looksLikeToken);
    return [
      {
        weakness: "single-use-code",
        act,
        severity: "high" as const,
        confidence: signsIn ? ("high" as const) : ("medium" as const),
        reasons: [made, ...(signsIn ? ["answers with a token"] : [])],
      },
    ];
  },
};

/** A token endpoint is asked for what a code gives (RFC 6749 §4.1.3), whatever else it gives tokens for. */
function withGrant(operation: Operation): Operation {
  const { body } = operation;
  const isGrant = ({ pointer, values }: Slot) =>
    /^\/grant_?type$/i.test(pointer) && values?.includes(GRANT) === true;
  const grant = body?.slots.find(isGrant);
  if (!body || !grant || !isObject(body.sample)) return operation;
  return {
    ...operation,
    body: { ...body, sample: { ...body.sample, [lastName(grant.pointer)]: GRANT } },
  };
}

const GRANT = "authorization_code";

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Source {
  readonly links: readonly Link[];
  readonly references: readonly Reference[];
  /** In words. */
  readonly made: string;
}

/** `GET /magic-link/verify?token=…`: an operation that wants nothing but the code, in its query. */
function linkOf(operation: Operation): { readonly operation: Operation; readonly slot: Slot } | undefined {
  const { unfillable, ...rest } = operation;
  const [name, ...more] = operation.queryTexts ?? [];
  if (name === undefined || more.length > 0 || unfillable !== name) return undefined;
  const slot: Slot = { pointer: `/${name}`, type: "string", required: true, secret: false, fixed: false };
  return isCode(slot) && operation.pathParameters.length === 0 ? { operation: rest, slot } : undefined;
}

/** Where its code comes from: the object that its path names, an answer of another operation, or the mail. */
function sourceOf(operation: Operation, all: readonly Operation[], objects: readonly ObjectRecipe[]) {
  const slot = (operation.body?.slots ?? []).find(isCode);
  if (operation.pathParameters.length === 0) return slot && madeElsewhere(operation, slot, all);
  const links = linksOf(operation, all, objects)?.map((one) =>
    "recipe" in one ? one : { ...one, forPrincipal: true as const },
  );
  const last = links?.at(-1);
  if (!links || !last) return undefined;
  return slot ? withSlot(links, last, slot) : inPath(operation, links, last);
}

/** `POST /codes/{id}/redeem` with the code in its body: it came beside the id, or by mail. */
function withSlot(links: readonly Link[], last: Link, slot: Slot): Source | undefined {
  if ("recipe" in last) return undefined;
  const { producer, parameter } = last;
  const pointers = codeLeaves(producer, slot).map((leaf) => leaf.pointer);
  const mailed = producer.leaves !== undefined && pointers.length === 0;
  const reference: Reference = {
    slot,
    parameter: lastName(slot.pointer),
    producer,
    pointers,
    beside: parameter,
    forPrincipal: true,
    ...(mailed ? { mailed } : {}),
  };
  return { links, references: [reference], made: sentence(slot.pointer, producer, mailed) };
}

/** `POST /invites/{token}/accept`: the code itself stands in the path. */
function inPath(operation: Operation, links: readonly Link[], last: Link): Source | undefined {
  const isOne = isCodeName(last.parameter);
  if (!isOne || !KINDS.some((kind) => kind.test(operation.words))) return undefined;
  const made = "recipe" in last ? "a recipe makes" : `POST ${last.producer.path} makes`;
  return { links, references: [], made: `takes a code in its path that ${made}` };
}

function madeElsewhere(operation: Operation, slot: Slot, all: readonly Operation[]): Source | undefined {
  const { answers, mails } = makersOf(operation, slot, all);
  const producer = answers ?? mails;
  if (!producer) return undefined;
  const pointers = codeLeaves(producer, slot).map((leaf) => leaf.pointer);
  const mailed = !answers && (producer.leaves !== undefined || !/20[01]/.test(producer.statuses.join()));
  const reference: Reference = {
    slot,
    parameter: lastName(slot.pointer),
    producer,
    pointers,
    forPrincipal: true,
    ...(mailed ? { mailed: true as const } : {}),
    ...(operation.body?.slots.includes(slot) ? {} : { inQuery: true as const }),
  };
  return { links: [], references: [reference], made: sentence(slot.pointer, producer, mailed) };
}

function sentence(pointer: string, { method, path }: Operation, mailed: boolean): string {
  return `takes in ${pointer} a code that ${method} ${path} ${mailed ? "sends" : "makes"}`;
}
