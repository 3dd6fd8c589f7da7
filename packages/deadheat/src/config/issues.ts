import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Problems } from "./problems.ts";
import type { Path } from "./source.ts";
import { LITERAL } from "./text-schema.ts";

type Issue = z.core.$ZodIssue;

const SECRET_HINT =
  "Write { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] } in its place; the file may be committed.";

/** Turns what the schema found into problems at their places, in our words and without any value. */
export function reportIssues(schema: z.ZodType, issues: readonly Issue[], problems: Problems): void {
  for (const issue of withoutConsequences(issues)) reportIssue(schema, issue, [], problems);
}

/** `requst: POST /login` is one mistake: that `request` is missing follows from it. */
function withoutConsequences(issues: readonly Issue[]): readonly Issue[] {
  const unknown = issues.filter((one) => one.code === "unrecognized_keys").map((one) => one.path.join("."));
  const follows = ({ code, path }: Issue) =>
    (code === "custom" && unknown.includes(path.join("."))) ||
    (code === "invalid_type" && unknown.includes(path.slice(0, -1).join(".")) && path.length > 0);
  return [
    ...issues.filter((one) => one.code === "unrecognized_keys"),
    ...issues.filter((one) => one.code !== "unrecognized_keys" && !follows(one)),
  ];
}

function reportIssue(schema: z.ZodType, issue: Issue, base: Path, problems: Problems): void {
  const path: Path = [...base, ...(issue.path as Path)];
  if (issue.code === "invalid_union") {
    const branch = likeliest(issue.errors);
    if (branch) for (const inner of withoutConsequences(branch)) reportIssue(schema, inner, path, problems);
    else problems.add(path, `expected ${alternatives(issue.errors)}, found ${kindAt(problems, path)}`);
    return;
  }
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    for (const key of issue.keys) {
      const at = problems.source.locateKey(path, key);
      problems.add([...path, key], unknownKey(key, known), problems.kind.hint, problems.kind.code, at);
    }
    return;
  }
  if (issue.code === "invalid_key") {
    const key = String(path.at(-1));
    const at = problems.source.locateKey(path.slice(0, -1), key);
    problems.add(path, issue.issues[0]?.message ?? "not a name", problems.kind.hint, problems.kind.code, at);
    return;
  }
  const message = messageOf(issue, () => kindAt(problems, path));
  problems.add(path, message, message === LITERAL ? SECRET_HINT : hintFor(issue, problems, path));
}

/** The alternative that the value was meant to be: the one whose own type it has. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const literal = branches.find((one) => one[0]?.message === LITERAL);
  return (
    branches.find((one) => one.length > 0 && !one.some(isTypeOfWhole)) ??
    // A text where a text is allowed never gets here, so the secret's own message is the better one.
    literal
  );
}

function isTypeOfWhole(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === "invalid_type";
}

function alternatives(branches: readonly (readonly Issue[])[]): string {
  const kinds = branches.map(([first]) =>
    first?.code === "invalid_type" ? KINDS[first.expected] : undefined,
  );
  return [...new Set(kinds.filter((kind) => kind !== undefined))].join(" or ");
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of keys",
  record: "a map of keys",
  array: "a list",
};

function messageOf(issue: Issue, found: () => string): string {
  switch (issue.code) {
    case "invalid_type": {
      if (issue.message === LITERAL) return LITERAL;
      const kind = found();
      return kind === "nothing"
        ? `is missing: expected ${KINDS[issue.expected] ?? issue.expected}`
        : `expected ${KINDS[issue.expected] ?? issue.expected}, found ${kind}`;
    }
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`
        : "is empty";
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_value":
      return `expected one of ${issue.values.join(", ")}`;
    default:
      return issue.message;
  }
}

function hintFor(issue: Issue, problems: Problems, path: Path): string {
  const wantsText = issue.code === "invalid_type" && issue.expected === "string";
  return wantsText && /number|true/.test(kindAt(problems, path)) ? "Put it into quotes." : problems.kind.hint;
}

function kindAt(problems: Problems, path: Path): string {
  let value: unknown = problems.source.value;
  for (const step of path)
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined;
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean") return "true or false";
  return typeof value === "string" ? "a text" : typeof value === "number" ? "a number" : "a map of keys";
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return `unknown key; did you mean ${near}?`;
  return known.length === 0 ? "unknown key" : `unknown key; there are ${known.join(", ")}`;
}

/** The known name that was probably meant, if any is near enough. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > 40) return undefined;
  const ranked = known
    .map((one) => ({ one, far: distance(plain(name), plain(one)) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  // Two letters that changed places are two edits.
  return best && best.far <= (best.one.length < 4 ? 1 : Math.max(2, best.one.length / 3))
    ? best.one
    : undefined;
}

/** `refresh_token` and `refreshToken` are one word to whoever types it. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}

/** Keys that a map at this path may have. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let options: z.ZodType[] = [schema];
  for (const step of path) options = options.flatMap((one) => inside(one, step));
  return [...new Set(options.flatMap((one) => objectsIn(one)).flatMap((one) => Object.keys(one.shape)))];
}

function inside(schema: z.ZodType, step: string | number): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return inside(schema.unwrap() as z.ZodType, step);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => inside(one as z.ZodType, step));
  if (schema instanceof z.ZodArray) return typeof step === "number" ? [schema.element as z.ZodType] : [];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, step)) return [];
  return [schema.shape[step] as z.ZodType];
}

function objectsIn(schema: z.ZodType): z.ZodObject[] {
  if (schema instanceof z.ZodOptional) return objectsIn(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => objectsIn(one as z.ZodType));
  return schema instanceof z.ZodObject ? [schema] : [];
}
