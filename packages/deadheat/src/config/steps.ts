import type { RecipeStep, RequestTemplate } from "../plan/credential.ts";
import type { RecipeTexts } from "./recipe.ts";
import type { Path } from "./source.ts";
import type { StepInput, StepsInput } from "./step-schema.ts";

/** Steps in order; `known` grows by what each of them extracts. */
export function stepsOf(
  input: StepsInput | undefined,
  path: Path,
  known: Set<string>,
  texts: RecipeTexts,
): RecipeStep[] {
  if (input === undefined) return [];
  if (!Array.isArray(input)) return [stepOf(input, path, known, texts)];
  return input.map((one, index) => stepOf(one, [...path, index], known, texts));
}

export function stepOf(
  input: string | StepInput,
  path: Path,
  known: Set<string>,
  texts: RecipeTexts,
): RecipeStep {
  const step = typeof input === "string" ? { request: input } : input;
  const at = (key: string) => (typeof input === "string" ? path : [...path, key]);
  const request = requestOf(step.request, at("request"), known, texts);
  const { headers = {}, json, form } = step;
  texts.check(headers, at("headers"), known);
  assertNoLiteralToken(headers, at("headers"), texts);
  if (json !== undefined && form !== undefined)
    texts.problems.add(at("form"), "json and form at once: a request has one body");
  const extract = extractsOf(step, path, texts);
  const template: RequestTemplate = {
    ...request,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text])),
    ...(json === undefined ? {} : { json: texts.check(json, at("json"), known) }),
    ...(form === undefined ? {} : { form: texts.check(form, at("form"), known) }),
  };
  for (const name of Object.keys(extract)) known.add(name);
  return { request: template, extract };
}

/** `POST /path`, or `POST http://host/path`. */
export function requestOf(
  text: string,
  path: Path,
  known: ReadonlySet<string>,
  texts: RecipeTexts,
): Pick<RequestTemplate, "method" | "path" | "origin"> {
  const [method = "", address = ""] = texts.check(text, path, known).split(" ");
  if (address.startsWith("/")) return { method, path: address };
  const origin = address.split("/", 3).join("/");
  if (!URL.canParse(origin)) texts.problems.add(path, "not a URL");
  return { method, origin, path: address.slice(origin.length) || "/" };
}

function extractsOf(step: StepInput, path: Path, texts: RecipeTexts): Record<string, string> {
  const named = { token: step.token, refresh_token: step.refreshToken, expires_in: step.expiresIn };
  const extract: Record<string, string> = { ...step.extract };
  for (const [name, jsonPath] of Object.entries(named)) {
    if (jsonPath === undefined) continue;
    if (Object.hasOwn(extract, name)) texts.problems.add([...path, "extract", name], "given twice");
    extract[name] = jsonPath;
  }
  return extract;
}

function assertNoLiteralToken(
  headers: Readonly<Record<string, string>>,
  path: Path,
  texts: RecipeTexts,
): void {
  for (const [name, text] of Object.entries(headers))
    if (name.toLowerCase() === "authorization" && /^(bearer|token|jwt)\s+[^$\s]/i.test(text))
      texts.problems.add(
        [...path, name],
        "a token does not belong in this file",
        `Write \${env:NAME} in its place.`,
      );
}
