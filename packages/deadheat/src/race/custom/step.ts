import { jsonpath } from "json-p3";
import type { CustomStep } from "../../plan/custom.ts";
import { fillTemplate, fillText } from "../../plan/template.ts";
import { SetupFailed } from "../credentials/credentials.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import type { Token } from "../token.ts";

/** What `${name}` stands for; values keep the type that they had in the answer. */
export type Values = Map<string, unknown>;

/** A step of the scenario did not do what it has to; the message begins with its place. */
export class StepFailed extends SetupFailed {
  readonly place: string;
  constructor(place: string, message: string) {
    super(`${place}: ${message}`);
    this.place = place;
  }
}

/** `POST /items/${item}/buy`, as it stands in the scenario: no value is shown. */
export function wordsOf({ request }: CustomStep): string {
  return `${request.method} ${request.path}`;
}

/** Throws StepFailed where a variable has no value. */
export function requestOf(step: CustomStep, values: Values, token: Token | undefined): HttpRequest {
  const text = (name: string) => textOf(values.get(name));
  const { json } = step.request;
  // The body's variables are looked for, too: filled as texts here, and as what they are below.
  const result = fillTemplate(step.request, text);
  if ("problem" in result) throw new StepFailed(step.place, result.problem);
  const { method, path, headers, form } = result.request;
  const body =
    json !== undefined
      ? JSON.stringify(filledJson(json, values))
      : form && new URLSearchParams(form).toString();
  const type = json !== undefined ? "application/json" : "application/x-www-form-urlencoded";
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    path,
    headers: {
      accept: "application/json, */*;q=0.5",
      ...(body === undefined ? {} : { "content-type": type }),
      ...token?.headers,
      ...Object.fromEntries(lower),
    },
    ...(body === undefined ? {} : { body }),
  };
}

/** Only scalars have a place in a text. */
function textOf(value: unknown): string | undefined {
  const scalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return scalar ? String(value) : undefined;
}

/** A text that is one variable and nothing else becomes its value: an id that was a number is sent as one. */
function filledJson(json: unknown, values: Values): unknown {
  if (typeof json === "string") {
    const [, only] = /^\$\{([^}]*)\}$/.exec(json) ?? [];
    return only === undefined ? fillText(json, (name) => textOf(values.get(name))) : values.get(only);
  }
  if (Array.isArray(json)) return json.map((one) => filledJson(one, values));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, filledJson(inner, values)]));
}

/**
 * What a step extracts from an answer, by name; without those that match nothing. A path that can match several
 * (`$.seats[*].holder`) gives the list of all.
 */
export function extractedFrom({ extract }: CustomStep, { body }: Exchange): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  if (body === undefined) return found;
  for (const [name, path] of Object.entries(extract)) {
    const query = jsonpath.compile(path);
    const matches = query.query(body as never).values();
    if (!query.singularQuery()) found[name] = matches;
    else if (matches.length > 0) found[name] = matches[0];
  }
  return found;
}

/** Only the names of what is there are told: values may be secret. */
export function unmatched(step: CustomStep, name: string, { body }: Exchange): StepFailed {
  const isObject = typeof body === "object" && body !== null;
  const keys = isObject ? Object.keys(body).slice(0, 8).join(", ") : "no JSON object";
  return new StepFailed(
    step.place,
    `${name}: ${step.extract[name]} matches nothing in the answer of ${wordsOf(step)} (it has: ${keys})`,
  );
}
