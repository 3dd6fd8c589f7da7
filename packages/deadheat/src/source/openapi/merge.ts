import type { Schema } from "./schema.ts";

type Node = Readonly<Record<string, unknown>>;

export interface Merged {
  readonly document: Node;
  /** Operations that only the source shows. */
  readonly added: number;
}

/**
 * What a document says goes before what the source says: people wrote it, or the framework did. Operations that it
 * lacks are added with their security schemes, and to those that it has, the hints.
 */
export function mergeDocuments(existing: Node, derived: Node): Merged {
  const paths: Record<string, Record<string, unknown>> = {};
  const known = new Map<string, string>();
  for (const [path, item] of entries(existing.paths)) {
    paths[path] = { ...(item as Node) };
    known.set(shapeOf(path), path);
  }
  let added = 0;
  for (const [path, item] of entries(derived.paths)) {
    const own = known.get(shapeOf(path)) ?? path;
    const target = paths[own] ?? {};
    for (const [method, node] of entries(item)) {
      const there = target[method] as Schema | undefined;
      if (there === undefined) {
        target[method] = own === path ? node : renamed(node as Schema, path, own);
        added++;
      } else
        target[method] = withHints(
          there,
          own === path ? (node as Schema) : renamed(node as Schema, path, own),
        );
    }
    paths[own] = target;
  }
  const components = { ...(existing.components as Node | undefined) };
  const schemes = {
    ...((derived.components as Node | undefined)?.securitySchemes as Node | undefined),
    ...(components.securitySchemes as Node | undefined),
  };
  return { document: { ...existing, paths, components: { ...components, securitySchemes: schemes } }, added };
}

function withHints(there: Schema, derived: Schema): Schema {
  const filled = withBodies(there, derived);
  const hints = derived["x-deadheat"] as Schema | undefined;
  if (!hints) return filled;
  // A library's login is open, whatever a generator makes of its empty list of permissions.
  const isOpen = hints.lifecycle !== undefined && (derived.security as readonly unknown[]).length === 0;
  const security = there.security as readonly object[] | undefined;
  const opened =
    isOpen && security && security.length > 0 && !security.some((one) => Object.keys(one).length === 0)
      ? { security: [...security, {}] }
      : {};
  return { ...filled, ...opened, "x-deadheat": { ...hints, ...(there["x-deadheat"] as Schema | undefined) } };
}

/** A body, or an answer, that a generator could not see: `request.data["amount"]` in a view without a serializer. */
function withBodies(there: Schema, derived: Schema): Schema {
  const isSilent = (node: Schema) =>
    Object.entries((node.responses ?? {}) as Record<string, Schema>).every(
      ([status, one]) => !status.startsWith("2") || one.content === undefined,
    );
  return {
    ...there,
    ...(there.requestBody === undefined && derived.requestBody !== undefined
      ? { requestBody: derived.requestBody }
      : {}),
    ...(isSilent(there) && !isSilent(derived) ? { responses: derived.responses } : {}),
  };
}

/** The parameters of a path go by the names that the document gives them. */
function renamed(node: Schema, from: string, to: string): Schema {
  const names = (path: string) => [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
  const given = names(to);
  const own = names(from);
  const parameters = (node.parameters ?? []) as readonly Schema[];
  const hints = node["x-deadheat"] as Schema | undefined;
  const links = Object.entries((hints?.links ?? {}) as Schema).map(([name, by]) => [
    given[own.indexOf(name)] ?? name,
    by,
  ]);
  return {
    ...node,
    ...(links.length > 0 ? { "x-deadheat": { ...hints, links: Object.fromEntries(links) } } : {}),
    parameters: parameters.map((one) => {
      const at = one.in === "path" ? own.indexOf(String(one.name)) : -1;
      return at < 0 ? one : { ...one, name: given[at] };
    }),
  };
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}").replace(/\/+$/, "");
}

function entries(value: unknown): [string, unknown][] {
  return value !== null && typeof value === "object" ? Object.entries(value) : [];
}
