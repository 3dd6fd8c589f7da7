import { lastName, namesPerson } from "../plan/names.ts";
import type { Operation, Slot } from "../plan/operation.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import type { Principal } from "./credentials/index.ts";
import { succeeded } from "./exchange.ts";
import { scalars } from "./pointer.ts";

/** What an API may call a principal by, by the place where it was seen: `/id`, `/email`. */
export type Identifiers = ReadonlyMap<string, string>;

const NAMES_ONE = /(^|[/_])(id|uuid|pk|user_?id|account_?id|username|user_?name|login|handle|e-?mail)$/i;
const BY_NUMBER = /id$|uuid$|pk$/i;

/** Everything that may name a principal: from its registration, and from what a protected read says of it. */
export async function identifiersOf(
  context: RaceContext,
  scheme: string,
  principal: Principal,
): Promise<Identifiers> {
  const found = new Map<string, string>();
  const note = (body: unknown) => {
    for (const { pointer, value } of scalars(body))
      if (NAMES_ONE.test(pointer) && typeof value !== "boolean" && !found.has(pointer))
        found.set(pointer, String(value));
  };
  for (const body of principal.answers.values()) note(body);
  for (const [name, value] of Object.entries(principal.registered ?? {})) {
    const pointer = name.startsWith("/") ? name : `/${name}`;
    if (NAMES_ONE.test(pointer) && !found.has(pointer)) found.set(pointer, value);
  }
  const probe = context.credentials.get(scheme)?.probe;
  if (probe && probe.pathParameters.length === 0) {
    const read = await context.session.send(compose(probe, { token: principal.token }));
    if (succeeded(read)) note(read.body);
  }
  // An id is what most places ask for.
  return new Map([...found].sort(([a], [b]) => Number(BY_NUMBER.test(b)) - Number(BY_NUMBER.test(a))));
}

/** A place in a request that names a person: a path parameter, or a scalar of the body. */
export type PersonPlace = { readonly parameter: string } | { readonly slot: Slot };

/** Places of `operation` that may name a person, but for the path parameters that are bound already. */
export function personPlaces(operation: Operation, bound: readonly string[]): PersonPlace[] {
  const parameters = operation.pathParameters.filter((one) => !bound.includes(one));
  const slots = (operation.body?.slots ?? []).filter(
    (slot) => !slot.fixed && namesPerson(lastName(slot.pointer)),
  );
  return [...parameters.map((parameter) => ({ parameter })), ...slots.map((slot) => ({ slot }))];
}

/** Puts a principal's identifier where a request names a person. */
export function naming(
  place: PersonPlace,
  identifier: string,
): { readonly bindings: Record<string, string>; readonly values: Record<string, unknown> } {
  if ("parameter" in place) return { bindings: { [place.parameter]: identifier }, values: {} };
  const { pointer, type } = place.slot;
  return { bindings: {}, values: { [pointer]: type === "string" ? identifier : Number(identifier) } };
}
