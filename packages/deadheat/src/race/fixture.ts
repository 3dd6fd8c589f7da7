import { lastName } from "../plan/names.ts";
import { lastParameterOf, operationName, type Slot } from "../plan/operation.ts";
import type { Act, ProducerLink, RecipeLink } from "../plan/plan.ts";
import { aside } from "./aside.ts";
import { amountFor, compose, uniqueValue } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Principal, SetupFailed } from "./credentials/index.ts";
import { type Exchange, refused, succeeded } from "./exchange.ts";
import { somebodyElse } from "./owned.ts";
import { getAt, scalars } from "./pointer.ts";
import { filled, secretsFor, underToken, type Variables } from "./recipe.ts";
import { removalsOf } from "./removal.ts";

/** What one trial starts from: a principal and fresh objects for the path to name. */
export interface Fixture {
  readonly principal: Principal;
  /** Path parameters, and what the body names objects by. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Texts of the body, by JSON Pointer: the same for each call, and for no other fixture. */
  readonly texts: Readonly<Record<string, string | number>>;
  /** Somebody else, whom the body names. */
  readonly other?: Principal;
  /** The Idempotency-Key of all its calls, where they are to be one request repeated. */
  readonly fresh?: string;
}

/**
 * Makes a fresh fixture for `act`; `initial` is the number that its objects begin with where the document shows none.
 * Throws SetupFailed where the API does not cooperate.
 */
export function setUp(
  context: RaceContext,
  act: Act,
  principal?: Principal,
  initial?: number,
): Promise<Fixture> {
  return aside(context, () => makeFixture(context, act, principal, initial));
}

async function makeFixture(
  context: RaceContext,
  act: Act,
  principal: Principal | undefined,
  initial: number | undefined,
): Promise<Fixture> {
  const credentials = context.credentials.get(act.scheme);
  if (!credentials) throw new SetupFailed(`no credential for ${act.scheme}`);
  const owner = principal ?? (await credentials.mint());
  const bindings: Record<string, string> = {};
  const answers = new Map<string, Answered>();
  for (const link of act.links)
    bindings[link.parameter] =
      "recipe" in link
        ? await follow(context, link, act.scheme, owner, bindings)
        : await produce(context, link, act.scheme, owner, bindings, answers, initial);
  if (act.chosen) bindings[act.chosen.parameter] = chosenName(context, act.chosen);
  for (const reference of act.references) {
    const beside = answers.get(reference.beside ?? "");
    bindings[reference.parameter] = beside
      ? await gave(context, reference, owner, beside)
      : await produce(context, reference, act.scheme, owner, bindings, answers, initial);
  }
  // A code is for its principal: the address that is asked for beside it is nobody else's.
  const named = isForPrincipal(act)
    ? undefined
    : await somebodyElse(context, act.operation, act.scheme, act.references);
  const texts = { ...textsOf(context, act), ...namesOf(context, act, owner), ...named?.values };
  return {
    principal: owner,
    bindings,
    texts,
    ...(named ? { other: named.principal } : {}),
    ...(act.repeats ? { fresh: context.uuid() } : {}),
  };
}

function chosenName(context: RaceContext, { parameter, slot }: NonNullable<Act["chosen"]>): string {
  const name = uniqueValue(slot, context.unique(), () => context.uuid());
  if (name === undefined) throw new SetupFailed(`no name is known that {${parameter}} takes`);
  return name;
}

/** Makes another object for the last parameter of the path, beside the one that is there: its name. */
export function setUpAnother(
  context: RaceContext,
  act: Act,
  fixture: Pick<Fixture, "principal" | "bindings">,
  initial?: number,
): Promise<string> {
  return aside(context, () => makeAnother(context, act, fixture, initial));
}

async function makeAnother(
  context: RaceContext,
  act: Act,
  { principal, bindings }: Pick<Fixture, "principal" | "bindings">,
  initial: number | undefined,
): Promise<string> {
  const last = lastParameterOf(act.operation);
  if (act.chosen?.parameter === last && act.chosen) return chosenName(context, act.chosen);
  const link = act.links.find(({ parameter }) => parameter === last);
  if (!link) throw new SetupFailed("its path names no object");
  return "recipe" in link
    ? follow(context, link, act.scheme, principal, bindings)
    : produce(context, link, act.scheme, principal, bindings, new Map(), initial);
}

/** What a producer answered, and when it was asked. */
interface Answered {
  readonly body: unknown;
  /** Monotonic ms. */
  readonly asked: number;
  readonly made?: Exchange;
}

function isForPrincipal({ links, references }: Act): boolean {
  return [...links, ...references].some((one) => "forPrincipal" in one);
}

/** Where an object is made for the principal by its names, the operation itself is told them as well. */
function namesOf(context: RaceContext, act: Act, { registered }: Principal) {
  const { operation, references } = act;
  const texts: Record<string, string> = {};
  if (!isForPrincipal(act)) return texts;
  for (const { pointer, secret, fixed, required } of operation.body?.slots ?? []) {
    const name = registered?.[lastName(pointer)];
    if (fixed || references.some((one) => one.slot.pointer === pointer)) continue;
    if (name !== undefined) texts[pointer] = name;
    else if (secret && required) texts[pointer] = `Dh1!${context.uuid()}`;
  }
  return texts;
}

/** A fixture that differs in nothing but its texts. */
export function withOtherTexts(context: RaceContext, act: Act, fixture: Fixture): Fixture {
  return { ...fixture, texts: { ...fixture.texts, ...textsOf(context, act) } };
}

/**
 * What the document requires as text without showing one is made up; a PUT's texts are what it sets. In a list
 * there is nothing to be seen of that but how many there are: there, too, another text may be another entry.
 */
function textsOf(context: RaceContext, act: Act): Record<string, string> {
  const { operation, references, observers, texts: kept } = act;
  const listed = observers.some((read) => read.leaves?.some((leaf) => leaf.count));
  if ((operation.method !== "POST" && !listed) || kept === "documented") return {};
  const unique = context.unique();
  const texts: Record<string, string> = {};
  for (const slot of operation.body?.slots ?? []) {
    if (!isFreeText(slot) || !slot.required || slot.shown) continue;
    if (references.some((one) => one.slot.pointer === slot.pointer)) continue;
    const value = uniqueValue(slot, unique, () => context.uuid());
    if (value !== undefined) texts[slot.pointer] = value;
  }
  return texts;
}

export function isFreeText(slot: Slot): boolean {
  return slot.type === "string" && !slot.numeric && !slot.fixed && !slot.secret;
}

async function produce(
  context: RaceContext,
  link: ProducerLink,
  scheme: string,
  principal: Principal,
  bindings: Readonly<Record<string, string>>,
  answers: Map<string, Answered>,
  initial?: number,
): Promise<string> {
  const { producer, remover } = link;
  const registered = principal.answers.get(producer.id);
  const asked = context.clock.now();
  const made =
    registered === undefined ? await create(context, link, scheme, principal, bindings, initial) : undefined;
  const answer: Answered = { body: made?.body ?? registered, asked, ...(made ? { made } : {}) };
  answers.set(link.parameter, answer);
  const found = link.mailed ? undefined : (identifierIn(link, answer.body) ?? (made && lastSegment(made)));
  if (made) {
    // A 200 may name what was there before (get or create): only what was said to be made is taken away.
    const removable = made.status === 201 && remover && found !== undefined;
    const removals = removable && removalsOf(remover, principal, { ...bindings, [link.parameter]: found });
    context.inventory.add({ by: operationName(producer), ...(removals ? { removals } : {}) });
  }
  return found ?? (await gave(context, link, principal, answer));
}

/** What a producer's answer holds, or the mail that it had sent. */
async function gave(
  context: RaceContext,
  link: ProducerLink,
  { registered = {} }: Principal,
  { body, asked }: Answered,
): Promise<string> {
  const found = link.mailed ? undefined : identifierIn(link, body);
  if (found !== undefined) return found;
  // An answer that the document does not describe may hold the code, or none.
  if (link.mailed || (link.forPrincipal && link.pointers.length === 0)) {
    const names = Object.values(registered);
    const address = registered.email ?? names.find((one) => one.includes("@")) ?? registered.username;
    return context.recipes.mailedCode(address ?? names[0] ?? "", asked);
  }
  throw new SetupFailed(`${link.producer.id} answered without ${link.pointers[0] ?? link.parameter}`);
}

/** Where an answer may hold the identifier of what was made. */
type Naming = Pick<ProducerLink, "parameter" | "pointers">;

export function identifierIn(link: Naming, body: unknown): string | undefined {
  for (const pointer of link.pointers) {
    const value = getAt(body, pointer);
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  return undescribedIdentifier(link, body);
}

/** Makes an object by the user's recipe. */
async function follow(
  context: RaceContext,
  { recipe }: RecipeLink,
  scheme: string,
  principal: Principal,
  bindings: Readonly<Record<string, string>>,
): Promise<string> {
  const maker = recipe.as === undefined ? principal : await makerOf(context, scheme, recipe.as);
  const variables: Variables = new Map([
    ...Object.entries(bindings),
    ["unique", context.unique()],
    ["uuid", context.uuid()],
    ["token", maker.token.value],
    ...(await secretsFor(recipe.variables, [recipe.make, recipe.remove])),
  ]);
  await context.recipes.run(
    recipe.make.map((step) => underToken(step, maker.token.headers)),
    variables,
  );
  const value = variables.get("value") ?? variables.get("unique") ?? "";
  variables.set("value", value);
  const [first] = recipe.make;
  const removals = () =>
    recipe.remove.map((step) => filled(underToken(step, maker.token.headers).request, variables));
  context.inventory.add({
    by: `${first?.request.method} ${first?.request.path}`,
    ...(recipe.remove.length > 0 ? { removals } : {}),
  });
  return value;
}

async function makerOf(context: RaceContext, scheme: string, name: string): Promise<Principal> {
  const credentials = context.makers.get(`${scheme} ${name}`);
  if (!credentials) throw new SetupFailed(`no principal ${name} under ${scheme}`);
  return credentials.mint();
}

/** For answers that the document does not describe, or not rightly: the parameter's own name, then `id`. */
function undescribedIdentifier(link: Naming, body: unknown): string | undefined {
  const wanted = link.parameter.toLowerCase();
  const rank = (pointer: string): number => {
    const name = lastName(pointer).toLowerCase();
    if (name === wanted) return 0;
    if (name === "id" || name === "uuid" || name === "pk") return 1;
    if (wanted.endsWith(name) || name.endsWith("id")) return 2;
    return 3;
  };
  const [best] = scalars(body)
    .filter(({ value }) => typeof value === "string" || Number.isInteger(value))
    .map((one) => ({ ...one, rank: rank(one.pointer) }))
    .filter((one) => one.rank < 3 || (link.pointers.length === 0 && typeof one.value === "string"))
    .sort((a, b) => a.rank - b.rank);
  return best === undefined ? undefined : String(best.value);
}

/** `Location: /coupons/7` names what was made (RFC 9110 §10.2.2). */
export function lastSegment({ headers }: Exchange): string | undefined {
  const path = headers.location?.split(/[?#]/)[0]?.replace(/\/+$/, "");
  const last = path?.slice(path.lastIndexOf("/") + 1);
  return last === "" ? undefined : last;
}

/** A number that names something is no amount: another one names something else, or nothing. */
export const NAMES_SOMETHING = /(^|[_-])id$|[a-z]Id$/;
/** Few uses, so that their end is reached; much money, so that it is not. */
const USES = /limit|max|uses|quota|capacity|seats|stock|quantity|places|count/i;
const FEW = 3;
const MUCH = 1000;

function initialNumber(slot: Slot, initial?: number): number {
  return amountFor(slot, initial ?? (USES.test(slot.pointer) ? FEW : MUCH));
}

async function create(
  context: RaceContext,
  { producer, forPrincipal }: ProducerLink,
  scheme: string,
  principal: Principal,
  bindings: Readonly<Record<string, string>>,
  initial?: number,
): Promise<Exchange> {
  const unique = context.unique();
  const values: Record<string, unknown> = {};
  for (const slot of producer.body?.slots ?? []) {
    if (slot.fixed) continue;
    const name = forPrincipal && principal.registered?.[lastName(slot.pointer)];
    if (name !== undefined) values[slot.pointer] = name;
    else if (slot.type !== "string" || slot.numeric) {
      if (!slot.shown && !NAMES_SOMETHING.test(slot.pointer))
        values[slot.pointer] = initialNumber(slot, initial);
    } else if (slot.required) {
      const value = uniqueValue(slot, unique, () => context.uuid());
      if (value !== undefined) values[slot.pointer] = value;
    }
  }
  const token = producer.open ? {} : { token: principal.token };
  const ask = (named: Readonly<Record<string, unknown>> = {}) =>
    context.session.sendPatiently(
      compose(producer, { bindings, values: { ...values, ...named }, fresh: context.uuid(), ...token }),
    );
  const first = await ask();
  // A name that was made up: `POST /teams/{id}/members` wants that of somebody who is there.
  const named = refused(first) && !producer.open ? await somebodyElse(context, producer, scheme) : undefined;
  const made = named ? await ask(named.values) : first;
  if (!succeeded(made)) throw new SetupFailed(`${producer.id} answered ${made.status ?? made.failure}`);
  return made;
}
