import type { Operation, Slot } from "../plan/operation.ts";
import type { HttpRequest } from "./exchange.ts";
import { withValues } from "./pointer.ts";
import type { Token } from "./token.ts";

export interface Filling {
  /** Path parameters by name. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** Body scalars by JSON Pointer. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Parameters of the query by name, beside those for which the document has a value. */
  readonly query?: Readonly<Record<string, string>>;
  readonly token?: Token;
  /** A text that no other request used, for headers that ask for one. */
  readonly fresh?: string;
}

/** The request that calls `operation`. */
export function compose(operation: Operation, filling: Filling = {}): HttpRequest {
  const path = operation.path.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const value = filling.bindings?.[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
  const query = new URLSearchParams({ ...operation.query, ...filling.query }).toString();
  const body = bodyText(operation, filling.values ?? {});
  return {
    method: operation.method,
    path: query === "" ? path : `${path}?${query}`,
    headers: {
      accept: "application/json, */*;q=0.5",
      ...lowerCase(operation.headers),
      ...Object.fromEntries(operation.freshHeaders.map((name) => [name, filling.fresh ?? "deadheat"])),
      ...filling.token?.headers,
      ...(body === undefined ? {} : { "content-type": operation.body?.mediaType ?? "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

/** A principal's own header goes before the document's example of it, however either spells its name. */
function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function bodyText(operation: Operation, values: Readonly<Record<string, unknown>>): string | undefined {
  const { body } = operation;
  if (!body || (!body.required && isEmpty(body.sample))) return undefined;
  const content = withValues(body.sample, asDocumented(body.slots, values));
  if (!body.mediaType.startsWith("application/x-www-form-urlencoded")) return JSON.stringify(content);
  return new URLSearchParams(content as Record<string, string>).toString();
}

/** A number goes out as text where the document says that it travels so. */
function asDocumented(slots: readonly Slot[], values: Readonly<Record<string, unknown>>) {
  const textual = new Set(slots.filter((slot) => slot.numeric).map((slot) => slot.pointer));
  return Object.fromEntries(
    Object.entries(values).map(([pointer, value]) => [pointer, textual.has(pointer) ? String(value) : value]),
  );
}

function isEmpty(sample: unknown): boolean {
  return typeof sample !== "object" || sample === null || Object.keys(sample).length === 0;
}

/** Formats in which a made-up text is no value. */
const FORMATTED = ["date", "date-time", "time", "duration", "uri", "url", "ipv4", "ipv6", "hostname"];

/**
 * A value for a slot that no earlier call used: two principals or objects must not collide.
 * `undefined` where none is known that the document allows; the sample is sent then.
 */
export function uniqueValue(slot: Slot, unique: string, uuid: () => string): string | undefined {
  if (slot.numeric || FORMATTED.includes(slot.format ?? "")) return undefined;
  // What tells one from another stands at the end: where there is little room, that is kept.
  const room = slot.maxLength ?? 255;
  const short = unique.length <= room ? unique : `d${unique.slice(unique.length - room + 1)}`;
  const shapes = [short, short.toUpperCase(), uuid(), unique.replace(/\D/g, "").padStart(12, "9")];
  const preferred =
    slot.format === "email" ? `${unique}@example.com` : slot.format === "uuid" ? uuid() : short;
  return [preferred, ...shapes]
    .map((text) => text.padEnd(slot.minLength ?? 0, "x").slice(0, slot.maxLength ?? 255))
    .find((text) => matches(slot.pattern, text));
}

/** Whether a document's pattern allows a text; one that this machine cannot read allows all. */
export function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

/** An integer inside the slot's bounds, near to `wanted`; different wishes stay different where there is room. */
export function amountFor(slot: Slot, wanted: number): number {
  const low = Math.ceil(slot.minimum ?? 0);
  const raised = wanted < low ? low + wanted : wanted;
  return Math.max(slot.minimum ?? Number.NEGATIVE_INFINITY, Math.min(raised, slot.maximum ?? raised));
}
