import type { SecurityRequirement } from "../../plan/analysis.ts";
import type { DocumentedOperation } from "../operations.ts";
import type { Field } from "./fields.ts";
import { staticSegments, withoutFormat, wordsOf } from "./words.ts";

export interface Parameter {
  readonly name: string;
  /** `path`, `query`, `header` or `cookie`. */
  readonly place: string;
  readonly required: boolean;
}

/** An operation with what the document calls it, and what goes in and comes out. */
export interface Described extends DocumentedOperation {
  /** Words of its operationId. */
  readonly name: readonly string[];
  /** Words of operationId, summary and path, in this order, with a space between. */
  readonly words: string;
  /** The beginning of its description. */
  readonly description: string;
  /** Of the body, whatever its media type. */
  readonly takes: readonly Field[];
  /** Of the first 2xx answer that is described; `undefined` where none is. */
  readonly gives: readonly Field[] | undefined;
  /** Its body is one text and no object. */
  readonly takesText: boolean;
  /** An answer by which it succeeds is one text and no object. */
  readonly givesText: boolean;
  /** Path, query, header and cookie parameters, those of its path item with them. */
  readonly parameters: readonly Parameter[];
  /** Statuses by which it succeeds. */
  readonly succeeds: readonly string[];
  /** Of its 2xx answers, in lower case. */
  readonly headers: readonly string[];
  /** Alternatives, of each of which all parts are needed; empty where it is open. */
  readonly security: readonly (readonly SecurityRequirement[])[];
  /** A 2xx answer has a `Location` header. */
  readonly locates: boolean;
}

/** The last segment of the path that is no parameter. */
export function lastSegment({ template }: Pick<Described, "template">): string {
  return staticSegments(template).at(-1) ?? "";
}

/** The path ends in a parameter: it is about one object. */
export function endsInParameter({ template }: Pick<Described, "template">): boolean {
  return /\}\/?$/.test(withoutFormat(template));
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** `refreshtoken` is two words, and no dictionary of segments. */
const TOGETHER =
  /\b(refresh|revoke|renew|access|reset|forgot|change|update|verify|confirm|resend|validate)(tokens?|password|email|code|otp)\b/g;

export function wordsIn(...texts: readonly unknown[]): string {
  return texts
    .flatMap((text) => wordsOf(textOf(text)))
    .join(" ")
    .replace(TOGETHER, "$1 $2");
}
