import { lastName, namesPerson } from "../plan/names.ts";
import type { Act } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Principal, SetupFailed } from "./credentials/index.ts";
import { succeeded } from "./exchange.ts";
import type { Fixture } from "./fixture.ts";
import { identifiersOf } from "./identity.ts";

/** Required places of the body that name somebody: `POST /documents/{id}/transfer` wants a `to`. */
function placesOf({ operation, references }: Act) {
  return (operation.body?.slots ?? []).filter(
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
  act: Act,
): Promise<{ readonly principal: Principal; readonly values: Record<string, string | number> } | undefined> {
  const places = placesOf(act);
  const credentials = context.credentials.get(act.scheme);
  if (places.length === 0 || !credentials || credentials.users < 2) return undefined;
  const principal = await credentials.mint(1);
  const identifiers = [...(await identifiersOf(context, act.scheme, principal))];
  const values: Record<string, string | number> = {};
  for (const { pointer, type, format } of places) {
    const wanted = /e-?mail$/i.test(pointer) || format === "email" ? /mail/i : /name|login|handle/i;
    const byName = /mail|name|login|handle/i.test(pointer);
    const fitting = identifiers.filter(([name]) => byName === wanted.test(name));
    const [, value] = fitting[0] ?? identifiers[0] ?? [];
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
