import type { Described } from "../facts/described.ts";
import { nounOf, plain, staticSegments, wordsOf } from "../facts/words.ts";
import { once } from "../lookup.ts";
import { identified } from "./container.ts";
import { type Catalogue, collectionOf, type Found, type LinkSource, shape, type Wanted } from "./request.ts";

/** `POST /sites/{id}/deploys` makes what `/deploys/{deployId}` names: they are called alike, and nothing else is. */
export const fromStem: LinkSource = (wanted, catalogue) => {
  const about = wanted.stem === "" ? wanted.noun : wanted.stem;
  const fitting = catalogue.creatorsOf(about).filter((one) => mayMake(one, wanted));
  const [only, ...others] = narrowed(fitting, wanted);
  if (!only) return byName(wanted, catalogue);
  if (others.length > 0) {
    const names = [only, ...others].map((one) => `${one.operation.method} ${one.template}`);
    return { reason: `${names.slice(0, 3).join(" and ")} may all make one` };
  }
  const found = identified(only, wanted);
  // Far from the parameter, an answer that says nothing is no evidence.
  return "reason" in found || found.via !== "container"
    ? found
    : { reason: `${only.operation.method} ${only.template} shows no identifier` };
};

/**
 * `{access_key}` of `/public/shares/{access_key}` is made by the only one that makes shares and shows an `accessKey`;
 * `{username}` by the only one that makes users and takes a `username`.
 */
function byName(wanted: Wanted, catalogue: Catalogue): Found | undefined {
  const { consumer, stem, noun, container, key } = wanted;
  const name = plain(wanted.parameter);
  // `{invitation_id}` names any invitation there is; what is called after its key alone, anything.
  if (stem === "" || key === name || /^(id|uuid|guid|number)$/.test(key)) return undefined;
  const creators = new Set([...catalogue.creatorsOf(stem), ...catalogue.creatorsOf(noun)]);
  const found = [...creators].flatMap((one): Found[] => {
    if (one === consumer || one.template.includes("{") || isBelow(one, container) || isAssociation(one))
      return [];
    const shown = one.gives?.find((field) => field.depth <= 2 && field.plain === name);
    if (shown) return [{ producer: one, via: "response", pointer: shown.pointer }];
    const taken = one.takes.find((field) => field.depth <= 1 && field.plain === name);
    return taken ? [{ producer: one, via: "request", pointer: taken.pointer }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

function mayMake(one: Described, wanted: Wanted): boolean {
  const { consumer, noun, stem, container } = wanted;
  // `{invitation_id}` of `/repository_invitations` is another kind than `/invitations`.
  if (noun !== "" && stem !== "" && noun !== stem) return false;
  if (noun === "" && plain(wanted.parameter) === stem) return false;
  return one !== consumer && !isBelow(one, container) && !isAssociation(one) && isNear(one, wanted);
}

/** The consumer's own object, and what is nested in it, comes after it. */
function isBelow(one: Described, container: string): boolean {
  return once(one, pathOf).shape.startsWith(`${container}/{}`);
}

/** Of a path what each comparison with another asks for: where many make things of one name there are many. */
function pathOf({ template }: Pick<Described, "template">) {
  return { shape: shape(template), nouns: staticSegments(template).map(nounOf) };
}

/** Adding somebody to something makes nobody. */
function isAssociation(one: Described): boolean {
  return once(one, namesAssociation);
}

function namesAssociation({ node }: Described): boolean {
  return [node.operationId, node.summary].some((text) => {
    const name = typeof text === "string" ? text.slice(text.lastIndexOf("/") + 1) : "";
    return /^(add|invite|set|attach|link|associate|assign|grant|install|share|bind)$/.test(
      wordsOf(name)[0] ?? "",
    );
  });
}

/** `createOrganization` makes an organization, at whatever path. */
function nameNounOf({ node, operation }: Described): string | undefined {
  if (operation.method !== "POST" || typeof node.operationId !== "string") return undefined;
  const [verb, ...rest] = wordsOf(node.operationId.slice(node.operationId.lastIndexOf("/") + 1));
  return verb === "create" || verb === "add" || verb === "new" ? nounOf(rest.join("-")) : undefined;
}

/** Both paths tell the same story: one's fixed segments are among the other's, in order. */
function isNear(one: Described, { consumer, container, parameter }: Wanted): boolean {
  const around = container.slice(0, container.lastIndexOf("{}") + 2);
  const { shape: makes, nouns: own } = once(one, pathOf);
  const template = consumer.template.slice(0, consumer.template.indexOf(`{${parameter}}`));
  const before = pathOf({ template }).nouns;
  const global = !one.template.includes("{");
  if (!container.includes("{}")) return isWithin(before, own) || global;
  if (makes.startsWith(`${around}/`)) return isWithin(before, own) || isWithin(own, before);
  // Made outside of what it is read in: it has to name that.
  const names = namesBefore(consumer.template, parameter);
  return (
    global &&
    names.every((name) => [...one.takes, ...(one.gives ?? [])].some((field) => field.plain === plain(name)))
  );
}

function namesBefore(template: string, parameter: string): string[] {
  const before = template.slice(0, template.indexOf(`{${parameter}}`));
  return [...before.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
}

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  let at = 0;
  for (const noun of many) if (noun === few[at]) at++;
  return at >= few.length;
}

/** Of several, the one with the fewest parameters that says that it creates one. */
function narrowed(fitting: readonly Described[], { stem, noun }: Wanted): Described[] {
  if (fitting.length < 2) return [...fitting];
  const about = stem === "" ? noun : stem;
  const named = fitting.filter((one) => nameNounOf(one) === about);
  const left = named.length > 0 ? named : [...fitting];
  const atOwn = left.filter((one) => collectionOf(one) === about);
  return atOwn.length === 1 ? atOwn : left;
}

/** Creators by what they are called after: their path, or their name. */
export function creatorsByNoun(creators: readonly Described[]): ReadonlyMap<string, readonly Described[]> {
  const byNoun = new Map<string, Described[]>();
  for (const one of creators) {
    for (const noun of new Set([collectionOf(one), nameNounOf(one)])) {
      if (noun === undefined || noun === "") continue;
      const known = byNoun.get(noun);
      if (known) known.push(one);
      else byNoun.set(noun, [one]);
    }
  }
  return byNoun;
}
