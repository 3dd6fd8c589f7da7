import type { LinkEvidence, TokenLifecycle } from "../../plan/analysis.ts";
import type { Described } from "../facts/described.ts";
import { isMaking, nounOf, plain, staticSegments, withoutFormat } from "../facts/words.ts";

/** A path parameter for which a producer is wanted. */
export interface Wanted {
  readonly consumer: Described;
  readonly parameter: string;
  /** The path in front of the parameter, without the names of parameters: `/users/{}/keys`. */
  readonly container: string;
  /** What the segment in front of it is about, in the singular: `key`; empty where that is a parameter or nothing. */
  readonly noun: string;
  /** What the parameter's own name is about, in the singular: `key` of `keyId`, `""` of `id`. */
  readonly stem: string;
  /** What is left of its name: `id`, `slug`, `name`; the whole name where it has no stem. */
  readonly key: string;
}

export interface Found {
  readonly producer: Described;
  readonly via: LinkEvidence;
  /** JSON Pointer into its answer, or into its request for `request`. */
  readonly pointer?: string;
}

/** A way in which documents tell where an identifier comes from. `undefined`: it says nothing here. */
export type LinkSource = (wanted: Wanted, all: Catalogue) => Found | { readonly reason: string } | undefined;

/** The operations of a document, by what links are looked up by. */
export interface Catalogue {
  readonly all: readonly Described[];
  /** Operations by `METHOD /shape/{}`. */
  at(method: string, shape: string): Described | undefined;
  /** Operations that make an object and are called after it, in the singular. */
  creatorsOf(noun: string): readonly Described[];
  /** Operations that let somebody in. */
  readonly logins: readonly Described[];
  kindOf(one: Described): string;
  lifecycleOf(one: Described): TokenLifecycle | undefined;
  byId(id: string): Described | undefined;
  /** By `METHOD /path` or operationId, as people write them. */
  named(name: string): Described | undefined;
}

const KEY = /^(.*?)(ids?|uuid|guid|code|number|no|key|slug|ref|pk|name|identifier|handle|hash|sha|token)$/;
/** Says nothing of what it names. */
const GENERIC = /^(id|uuid|guid|key|slug|name|number|code|pk|ref|identifier|handle)$/;

export function wantedOf(consumer: Described, parameter: string): Wanted {
  const at = consumer.template.indexOf(`{${parameter}}`);
  const before = consumer.template.slice(0, at).replace(/\/$/, "");
  const segment = before.slice(before.lastIndexOf("/") + 1);
  const name = plain(parameter);
  const [, rest = "", key = name] = KEY.exec(name) ?? [];
  const stem = GENERIC.test(name) ? "" : rest === "" ? name : rest;
  return {
    consumer,
    parameter,
    container: shape(before),
    noun: segment === "" || segment.includes("{") ? "" : nounOf(segment),
    stem: nounOf(stem),
    key: GENERIC.test(name) ? name : key,
  };
}

/** A path without the names of its parameters, a format and a trailing slash. */
export function shape(path: string): string {
  return withoutFormat(path)
    .replace(/\{[^}]*\}/g, "{}")
    .replace(/\/+$/, "");
}

/** What the last fixed segment of a path is about; what stands before it where it only says "make one". */
export function collectionOf({ template }: Described): string {
  const segments = staticSegments(template);
  return nounOf((isMaking(segments.at(-1) ?? "") ? segments.at(-2) : segments.at(-1)) ?? "");
}
