import type { RequestTemplate } from "./credential.ts";

/** A request ready to be sent, or in words why it cannot be; values are never part of the words. */
export type Filled = { readonly request: RequestTemplate } | { readonly problem: string };

/** Gives the value of a variable, or `undefined` where it has none yet. */
export type ValueOf = (name: string) => string | undefined;

/** `${name}`; `$${` stands for a `${` that is meant as it is. */
const PLACE = /\$\$\{|\$\{([^}]*)\}/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 9110 §5.5 forbids these in a field value
const UNSENDABLE = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Names of all variables in the texts of a value, at any depth, each once, in order. */
export function variablesIn(value: unknown): readonly string[] {
  const names = new Set<string>();
  eachText(value, (text) => {
    for (const [, name] of text.matchAll(PLACE)) if (name !== undefined) names.add(name);
  });
  return [...names];
}

function eachText(value: unknown, visit: (text: string) => void): void {
  if (typeof value === "string") visit(value);
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) eachText(inner, visit);
}

/** Puts values in the places of variables. Throws RangeError for a variable without one. */
export function fillText(text: string, value: ValueOf): string {
  return text.replace(PLACE, (_whole, name: string | undefined) => {
    if (name === undefined) return `\${`;
    const found = value(name);
    if (found === undefined) throw new RangeError(name);
    return found;
  });
}

/**
 * Fills every text of a request. In the path a value is percent-encoded, so that a `/` or `?` in it stays part
 * of the one segment; in JSON it stays text.
 */
export function fillTemplate(template: RequestTemplate, value: ValueOf): Filled {
  const missing = variablesIn(template).find((name) => value(name) === undefined);
  if (missing !== undefined) return { problem: `\${${missing}} has no value here` };
  const { path, headers, json, form } = template;
  const filledHeaders = fillAll(headers, value);
  const unsendable = Object.entries(filledHeaders).find(([, text]) => UNSENDABLE.test(text));
  if (unsendable) return { problem: `the header ${unsendable[0]} would hold a control character` };
  const filledPath = fillText(path, (name) => encode(value(name)));
  // `/${tenant}/users` with an empty tenant would be an address on a host called users.
  if (filledPath.startsWith("//")) return { problem: "a part of the path is empty" };
  return {
    request: {
      ...template,
      path: filledPath,
      headers: filledHeaders,
      ...(json === undefined ? {} : { json: fillJson(json, value) }),
      ...(form === undefined ? {} : { form: fillAll(form, value) }),
    },
  };
}

function encode(text: string | undefined): string | undefined {
  // A lone surrogate has no encoding; encodeURIComponent would throw.
  return text === undefined ? undefined : encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}

function fillAll(texts: Readonly<Record<string, string>>, value: ValueOf): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fillText(text, value)]));
}

function fillJson(json: unknown, value: ValueOf): unknown {
  if (typeof json === "string") return fillText(json, value);
  if (Array.isArray(json)) return json.map((one) => fillJson(one, value));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, fillJson(inner, value)]));
}
