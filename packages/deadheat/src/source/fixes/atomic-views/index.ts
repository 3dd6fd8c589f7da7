import { basename } from "node:path";
import { loadGrammar } from "../../parse/grammar.ts";
import type { ClassDefinition } from "../../project/definitions.ts";
import { type Route, routesOf } from "../../project/routes.ts";
import type { Patch } from "../project.ts";
import { readProject } from "../read.ts";
import { unifiedDiff } from "../text/diff.ts";
import { applyEdits } from "../text/edit.ts";
import { importEdits, importing } from "../text/imports.ts";
import { Layout } from "../text/layout.ts";
import { type State, Workspace } from "../workspace.ts";
import { ATOMIC_VIEWS } from "./module.ts";

export interface OperationName {
  readonly method: string;
  /** As OpenAPI writes it. */
  readonly path: string;
}

export interface HeldTokens {
  readonly patches: readonly Patch[];
  readonly held: readonly { readonly operation: OperationName; readonly view: string }[];
  readonly unfixed: readonly { readonly operation: OperationName; readonly reason: string }[];
  readonly warnings: readonly string[];
}

const MODULE = "atomic_views";

/**
 * Makes the views of `operations` check their token again in the transaction that they write in: for operations at
 * which a revocation race was proven, since the source alone does not say which tokens can be revoked. A small module
 * is written beside the view, and imported. Nothing is written to the disk.
 */
export async function holdTokens(path: string, operations: readonly OperationName[]): Promise<HeldTokens> {
  const project = await readProject(path);
  const workspace = new Workspace(await loadGrammar(), basename(path));
  const state = workspace.state(project.texts);
  const routes = routesOf(state.program.project, state.program.settings);
  const texts = new Map(project.texts);
  const held: HeldTokens["held"][number][] = [];
  const unfixed: HeldTokens["unfixed"][number][] = [];
  const done = new Set<ClassDefinition>();
  for (const operation of operations) {
    const route = routeOf(routes, operation);
    const reason = whyNot(state, route);
    const view = route?.view;
    if (reason !== undefined || !view) {
      unfixed.push({ operation, reason: reason ?? "its view is not in the project" });
      continue;
    }
    if (!done.has(view)) mixIn(texts, view);
    done.add(view);
    held.push({ operation, view: view.name });
  }
  const patches = [...texts]
    .filter(([file, text]) => project.texts.get(file) !== text)
    .map(([file, text]) => {
      const before = project.texts.get(file);
      return {
        file,
        text,
        diff: unifiedDiff(file, before, text),
        findingIds: [],
        isNew: before === undefined,
      };
    });
  const warnings =
    held.length > 0
      ? [`Revocations that do not delete the token's row go into revoking(): ${MODULE}.py says how.`]
      : [];
  return { patches, held, unfixed, warnings };
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}").replace(/\/+$/, "") || "/";
}

function routeOf(routes: readonly Route[], { method, path }: OperationName): Route | undefined {
  const wanted = shapeOf(path);
  const named = routes.filter((one) => one.method === method || one.method === "ANY");
  const same = named.filter((one) => shapeOf(one.path) === wanted);
  const near = same.length > 0 ? same : named.filter((one) => wanted.endsWith(shapeOf(one.path)));
  return near.length === 1 ? near[0] : undefined;
}

function whyNot({ program }: State, route: Route | undefined): string | undefined {
  if (!route) return "no route of the source is this operation";
  const { view, entry } = route;
  if (!view) return "the handler is a function, and its check is in its own hands";
  const { classes, external } = program.project.lineage(view);
  if (!external.some((one) => /(APIView|ViewSet|GenericAPIView)$/.test(one)))
    return "the view is not one of REST framework's";
  if (classes.some((one) => /\bAtomicAuthMixin\b/.test(headOf(one)))) return "its token is held already";
  const outside =
    entry && program.summary(entry)?.effects.find((one) => one.kind === "external" && !one.deferred);
  if (outside) return `${outside.name} leaves the process in the handler, and must not wait in a transaction`;
  if (entry && /\basync\s+def\b/.test(entry.head()))
    return "transaction.atomic cannot be used in a coroutine";
  return undefined;
}

function headOf(cls: ClassDefinition): string {
  const { text } = cls.module.source;
  return text.slice(cls.start, text.indexOf(":", cls.start));
}

function mixIn(texts: Map<string, string>, view: ClassDefinition): void {
  const { path } = view.module;
  const [first] = view.bases;
  const folder = path.includes("/") ? `${path.slice(0, path.lastIndexOf("/"))}/` : "";
  const before = texts.get(path) as string;
  const layout = new Layout(before);
  const { name, missing } = importing(layout, { from: `.${MODULE}`, name: "AtomicAuthMixin" }, new Set());
  // Offsets of a class are those of the text as it was read: a second view of the file is found by its name.
  const header = new RegExp(`^([ \\t]*class[ \\t]+${view.name}[ \\t]*\\([ \\t\\r\\n]*)`, "m").exec(before);
  if (!header || !first) return;
  const at = header.index + header[0].length;
  const edits = [
    { start: at, end: at, text: `${name}, ` },
    ...(missing ? importEdits(layout, [missing]) : []),
  ];
  texts.set(path, applyEdits(before, edits) ?? before);
  texts.set(`${folder}${MODULE}.py`, ATOMIC_VIEWS);
}
