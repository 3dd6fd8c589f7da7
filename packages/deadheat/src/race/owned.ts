import { lastName, namesPerson } from "../plan/names.ts";
import type { Operation } from "../plan/operation.ts";
import type { Act } from "../plan/plan.ts";
import { compose, matches } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Principal, SetupFailed } from "./credentials/index.ts";
import { succeeded } from "./exchange.ts";
import type { Fixture } from "./fixture.ts";
import { identifiersOf } from "./identity.ts";

/** Required places of the body that name somebody: `POST /documents/{id}/transfer` wants a `to`. */
function placesOf({ body }: Operation, references: Act["references"]) {
  return (body?.slots ?? []).filter(
    (slot) =>
      slot.required &&
      !slot.fixed &&
      !slot.secret &&
      !slot.shown &&
      namesPerson(lastName(slot.pointer)) &&
      !references.some((one) => one.slot.pointer === slot.pointer),
  );
}

/** Another principal, where the body has to name one, and what it is named by, by JSON Pointer. */
export async function somebodyElse(
  context: RaceContext,
  operation: Operation,
  scheme: string,
  references: Act["references"] = [],
): Promise<{ readonly principal: Principal; readonly values: Record<string, string | number> } | undefined> {
  const places = placesOf(operation, references);
  const credentials = context.credentials.get(scheme);
  if (places.length === 0 || !credentials || credentials.users < 2) return undefined;
  const principal = await credentials.mint(1);
  const known = [...(await identifiersOf(context, scheme, principal))];
  const values: Record<string, string | number> = {};
  for (const { pointer, type, format, pattern } of places) {
    // `to` may be an id written as text: where the document says so, no name will do.
    const allowed = known.filter(([, value]) => matches(pattern, value));
    const identifiers = allowed.length > 0 ? allowed : known;
    const wanted = /e-?mail$/i.test(pointer) || format === "email" ? /mail/i : /name|login|handle/i;
    const byName = /mail|name|login|handle/i.test(pointer);
    const fitting = identifiers.filter(([name]) => byName === wanted.test(name));
    // `owner` as a text is a name where there is one: the id would be declared as the number that it is.
    const named = type === "string" && !/id$|pk$/i.test(pointer);
    const suits = ([, value]: readonly [string, string]) => !(named && /^\d+$/.test(value));
    const [, value] = fitting.find(suits) ?? identifiers.find(suits) ?? fitting[0] ?? identifiers[0] ?? [];
    if (value === undefined) throw new SetupFailed(`nothing is known that names a principal in ${pointer}`);
    values[pointer] = type === "string" ? value : Number(value);
  }
  return { principal, values };
}

/**
 * The owned family: after the call its caller can no longer read the object, and the one that it named can.
 * Calling it again is refused; what races against it is in `ownership-race`.
 */
export async function isGivenAway(
  context: RaceContext,
  act: Act,
  { other, bindings }: Fixture,
): Promise<boolean> {
  if (!other) return false;
  for (const observer of act.observers.filter((one) => one.pathParameters.length > 0)) {
    const read = await context.session.send(compose(observer, { bindings, token: other.token }));
    if (succeeded(read)) return true;
  }
  return false;
}
