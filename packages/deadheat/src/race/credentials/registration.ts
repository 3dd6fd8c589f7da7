import type { Operation, Slot } from "../../plan/operation.ts";
import { uniqueValue } from "../compose.ts";

/** Where names that nobody used come from. */
interface Names {
  unique(): string;
  uuid(): string;
}

/** Made-up values for what a registration asks for, one secret in all its places. */
export function registrationValues(context: Names, registration: Operation): Record<string, unknown> {
  const unique = context.unique();
  const values: Record<string, unknown> = {};
  const secrets = (registration.body?.slots ?? []).filter((slot) => slot.secret && slot.type === "string");
  // One secret for all: forms ask for the password twice.
  const secret = secretFor(secrets, context);
  const texts = (registration.body?.slots ?? []).filter((slot) => slot.type === "string" && !slot.fixed);
  // Where no name is required, one of the optional ones is.
  const named = texts.some((slot) => slot.required && !slot.secret);
  for (const slot of texts) {
    if (named && !slot.required && !slot.secret) continue;
    const value = slot.secret ? secret : uniqueValue(slot, unique, () => context.uuid());
    if (value !== undefined) values[slot.pointer] = value;
  }
  return values;
}

/** Long, with upper case, lower case, digit and sign: passes the usual password rules. */
function secretFor(slots: readonly Slot[], context: Names): string {
  const shortest = Math.max(0, ...slots.map((slot) => slot.minLength ?? 0));
  const longest = Math.min(64, ...slots.map((slot) => slot.maxLength ?? 64));
  return `Dh1!${context.uuid()}`.padEnd(shortest, "x").slice(0, longest);
}

/**
 * The registration's values under the login's names, likeliest first: the same place, else the same
 * kind of slot, else (a login by `username` that wants the e-mail) each name that was registered.
 */
export function loginSources(
  login: Operation,
  registration: Operation,
  values: Readonly<Record<string, unknown>>,
): Record<string, string>[] {
  const known = (registration.body?.slots ?? []).filter((slot) => slot.pointer in values);
  const sourcesWith = (name?: Slot) => {
    const sources: Record<string, string> = {};
    const texts = (login.body?.slots ?? []).filter((slot) => slot.type === "string" && !slot.fixed);
    const isKnown = (slot: Slot) => slot.required || known.some((one) => one.pointer === slot.pointer);
    const named = texts.some((slot) => !slot.secret && isKnown(slot));
    for (const slot of texts) {
      if (named && !isKnown(slot) && !slot.secret) continue;
      const alike = known.filter((one) => one.secret === slot.secret);
      const source =
        (slot.secret ? undefined : name) ??
        alike.find((one) => one.pointer === slot.pointer) ??
        alike.find((one) => one.format === slot.format) ??
        alike[0];
      if (source) sources[slot.pointer] = source.pointer;
    }
    return sources;
  };
  const all = [sourcesWith(), ...known.filter((one) => !one.secret).map((one) => sourcesWith(one))];
  const seen = new Set<string>();
  return all.filter((one) => !seen.has(JSON.stringify(one)) && seen.add(JSON.stringify(one))).slice(0, 4);
}
