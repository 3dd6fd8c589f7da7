import type { BodyShape, Operation, Slot } from "../../plan/operation.ts";

/** A value in YAML flow style that reads the same in every parser. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return scalar(value);
  const entries = Object.entries(value).filter(([key]) => key !== "__proto__");
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, inner]) => `${plainKey(key)}: ${flow(inner)}`).join(", ")} }`;
}

/** Text that is the same with and without quotes, in braces too. */
const BARE = /^(?:[A-Za-z_/]|\$\.|\.{1,2}\/)[\w$./:@+-]*[\w/]$/;

function scalar(value: unknown): string {
  if (typeof value === "string" && BARE.test(value) && isPlain(value.replace(/^[$.]+/, "a"))) return value;
  return value === undefined ? "null" : escapeOdd(JSON.stringify(value) ?? "null");
}

/** What a terminal or an editor would not show as it is. */
function escapeOdd(json: string): string {
  return json.replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff\p{Surrogate}]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function plainKey(key: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(key);
  return plain ? key : scalar(key);
}

/** The body of an operation with variables where a value of one's own goes, as lines of a step. */
export function bodyLine(body: BodyShape | undefined, known: readonly Slot[] = []): string | undefined {
  if (!body) return undefined;
  const value = filled(body.sample, "", body.slots, known);
  if (!body.mediaType.startsWith("application/x-www-form-urlencoded")) return `json: ${flow(value)}`;
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const texts = fields.map(([key, one]) => [key, typeof one === "string" ? one : JSON.stringify(one)]);
  return `form: ${flow(Object.fromEntries(texts))}`;
}

function filled(value: unknown, pointer: string, slots: readonly Slot[], known: readonly Slot[]): unknown {
  if (Array.isArray(value)) return value.map((one) => filled(one, "-", [], known));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        filled(inner, `${pointer}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`, slots, known),
      ]),
    );
  if (typeof value !== "string") return value;
  const slot = slots.find((one) => one.pointer === pointer && one.type === "string");
  return slot && !slot.fixed ? variableFor(slot, known) : literal(value);
}

/** The same text for the same place of a registration and a login. */
function variableFor(slot: Slot, known: readonly Slot[]): string {
  if (slot.secret) return variable("password");
  if (looksLikeEmail(slot)) return variable("email");
  if (slot.format === "uuid") return variable("uuid");
  if (slot.numeric) return "1";
  // A login by "username" where one registers with an e-mail address alone.
  const names = known.filter((one) => one.type === "string" && !one.secret && !one.fixed);
  const same = names.find((one) => one.pointer === slot.pointer);
  if (!same && names.length > 0 && names.every(looksLikeEmail)) return variable("email");
  return variable("unique");
}

function looksLikeEmail({ format, pointer }: Slot): boolean {
  return format === "email" || /e-?mail[^/]*$/i.test(pointer);
}

function variable(name: string): string {
  return `\${${name}}`;
}

/** A `${` of the document's own is no variable, and an example token is no token. */
function literal(text: string): string {
  return /\beyJ/.test(text) ? "" : text.replaceAll("${", "$$${");
}

/** JSONPath of a JSON Pointer (RFC 9535 §2.3, RFC 6901). */
export function jsonPathOf(pointer: string): string {
  const names = pointer
    .split("/")
    .slice(1)
    .map((one) => one.replace(/~1/g, "/").replace(/~0/g, "~"));
  return `$${names
    .map((name) =>
      /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name).replace(/\p{Surrogate}/gu, "?")}]`,
    )
    .join("")}`;
}

/** `POST /users`, where it can stand in a recipe as it is. */
export function requestLine({ method, path }: Pick<Operation, "method" | "path">): string | undefined {
  const line = `${method} ${path}`;
  return /^[A-Z]+ \/(?![/\\])[^\s#\\${}]*$/.test(line) && isPlain(line) ? line : undefined;
}

/** A text that YAML reads as one without quotes. */
export function isPlain(text: string): boolean {
  if (/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)) return false;
  return /^[A-Za-z_][\w /.~@%?&=+:;!*()'-]*$/.test(text) && !/: |:$| #|\s$/.test(text);
}
