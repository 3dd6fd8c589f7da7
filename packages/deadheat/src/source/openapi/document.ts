import type { Program } from "../effects/program.ts";
import type { SourceFinding } from "../finding.ts";
import { type Route, routesOf } from "../project/routes.ts";
import { ownersGiven } from "../requests/gives.ts";
import { hintsFor } from "./hints.ts";
import { SourceLinks } from "./links.ts";
import { describe, operationIdOf } from "./operation.ts";
import type { Schema } from "./schema.ts";

export interface SourceDocument {
  /** OpenAPI 3.1. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly operations: number;
  /** Operations that ask for a credential. */
  readonly guarded: number;
}

export interface DocumentOptions {
  readonly title: string;
  /** Routes that are known otherwise, from the running application for example; they go before those in the source. */
  readonly routes?: readonly Route[];
  readonly findings?: readonly SourceFinding[];
}

/** Not the API: Django's own pages, and what documents it. */
const LEFT_OUT =
  /^\/(admin|__debug__|static|media|silk)(\/|$)|\/(schema|swagger|redoc|docs|openapi[^/]*)(\/|$)|api-auth\//;

/** An OpenAPI document of a project, from its routes, views, serializers and authenticators. */
export function sourceDocument(program: Program, options: DocumentOptions): SourceDocument {
  const paths: Record<string, Record<string, Schema>> = {};
  const schemes: Record<string, Schema> = {};
  const taken = new Set<string>();
  let operations = 0;
  let guarded = 0;
  const routes = [...(options.routes ?? []), ...routesOf(program.project, program.settings)];
  const links = new SourceLinks(program, routes);
  for (const route of routes) {
    if (LEFT_OUT.test(route.path) || /[^\w/{}.~:@-]/.test(route.path)) continue;
    const described = describe(program, route, unique(operationIdOf(route), taken));
    const item = paths[described.path] ?? {};
    const method = described.method.toLowerCase();
    if (item[method] !== undefined) continue;
    for (const { name, scheme } of described.schemes) schemes[name] = scheme;
    const made = links.of(route);
    const row = made ? undefined : links.rowOf(route);
    const owner = ownersGiven(program, route);
    const hints = {
      ...hintsFor(route, options.findings ?? []),
      ...(made ? { links: made } : {}),
      ...(row ? { row } : {}),
      ...(owner.length > 0 ? { owner } : {}),
    };
    item[method] = withHints(described.node, Object.keys(hints).length > 0 ? hints : undefined);
    paths[described.path] = item;
    operations++;
    if (described.schemes.length > 0) guarded++;
  }
  return {
    document: {
      openapi: "3.1.0",
      info: { title: options.title, version: "0", description: "Derived from the source by deadheat init." },
      paths,
      components: { securitySchemes: schemes },
    },
    operations,
    guarded,
  };
}

function withHints(node: Schema, hints: Schema | undefined): Schema {
  if (!hints) return node;
  const known = node["x-deadheat"] as Schema | undefined;
  return { ...node, "x-deadheat": { ...known, ...hints } };
}

function unique(name: string, taken: Set<string>): string {
  let one = name;
  for (let number = 2; taken.has(one); number++) one = `${name}${number}`;
  taken.add(one);
  return one;
}
