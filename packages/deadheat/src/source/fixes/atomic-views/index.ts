import { basename } from "node:path";
import { analyse } from "../../effects/analyse.ts";
import { loadGrammar } from "../../parse/grammar.ts";
import type { ClassDefinition } from "../../project/definitions.ts";
import { type Route, routesOf } from "../../project/routes.ts";
import { traceRequest } from "../../requests/trace.ts";
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
  /** Where it is known (of a running project); without it, the route is looked for in the source. */
  readonly route?: Route;
}

export interface HoldOptions {
  /** Operations that revoke such tokens: they take the same locks, where their views are the project's. */
  readonly revokers?: readonly OperationName[];
  /** Changes that were made already, on which these are put. */
  readonly patches?: readonly Patch[];
}

export interface HeldTokens {
  readonly patches: readonly Patch[];
  readonly held: readonly { readonly operation: OperationName; readonly view: string }[];
  readonly unfixed: readonly { readonly operation: OperationName; readonly reason: string }[];
  readonly warnings: readonly string[];
}

const MODULE = "atomic_views";
const HELD_ALREADY = "its token is held already";

/**
 * Makes the views of `operations` check their token again in the transaction that they write in: for operations at
 * which a revocation race was proven, since the source alone does not say which tokens can be revoked. A small module
 * is written beside the views, and imported. Nothing is written to the disk.
 */
export async function holdTokens(
  path: string,
  operations: readonly OperationName[],
  { revokers = [], patches: given = [] }: HoldOptions = {},
): Promise<HeldTokens> {
  const project = await readProject(path);
  const workspace = new Workspace(await loadGrammar(), basename(path));
  const texts = new Map(project.texts);
  for (const { file, text } of given) texts.set(file, text.replace(/^\uFEFF/, ""));
  const state = workspace.state(texts);
  const routes = routesOf(state.program.project, state.program.settings);
  const views = new Set<ClassDefinition>();
  const held: HeldTokens["held"][number][] = [];
  const unfixed: HeldTokens["unfixed"][number][] = [];
  const choose = (operation: OperationName): ClassDefinition | string => {
    const route = operation.route ? asNow(state, operation.route) : routeOf(routes, operation);
    return whyNot(state, route) ?? route?.view ?? "its view is not in the project";
  };
  for (const operation of operations) {
    const view = choose(operation);
    if (typeof view === "string") unfixed.push({ operation, reason: view });
    else {
      views.add(view);
      held.push({ operation, view: view.name });
    }
  }
  // A revocation that takes no lock that these hold would not wait for them.
  const ending = held.length > 0 ? revokers.map(choose) : [];
  const open = ending.filter((one) => one === undefined || (typeof one === "string" && one !== HELD_ALREADY));
  for (const one of ending) if (typeof one !== "string") views.add(one);
  const home = homeOf(
    [...views].map(({ module }) => module.path),
    texts,
  );
  for (const view of views) mixIn(texts, view, home);
  const patches = [...texts]
    .filter(([file, text]) => project.texts.get(file) !== text)
    .map(([file, text]) => {
      const before = project.texts.get(file);
      const mark = project.marked.has(file) ? "\uFEFF" : "";
      const earlier = given.find((one) => one.file === file);
      return {
        file,
        text: mark + text,
        // What was read of the disk for it before (a migration) is not among the sources.
        diff:
          earlier && earlier.text === mark + text
            ? earlier.diff
            : unifiedDiff(file, before === undefined ? undefined : mark + before, mark + text),
        findingIds: earlier?.findingIds ?? [],
        isNew: before === undefined && earlier?.isNew !== false,
      };
    });
  const isTold = held.length > 0 && (revokers.length === 0 || open.length > 0);
  const warnings = isTold
    ? [`Revocations that do not delete the token's row go into revoking(): ${MODULE}.py says how.`]
    : [];
  return { patches, held, unfixed, warnings };
}

/** The same view and handler in the texts as they are now. */
function asNow({ modules, program }: State, route: Route): Route {
  const view = route.view && modules.get(route.view.module.path)?.classes.get(route.view.name);
  const { view: _view, entry: _entry, ...rest } = route;
  const name = route.entry?.name ?? route.action ?? route.method.toLowerCase();
  const entry = view
    ? program.project.method(view, name)
    : route.entry && modules.get(route.entry.module.path)?.functions.get(route.entry.name);
  return { ...rest, ...(view ? { view } : {}), ...(entry ? { entry } : {}) };
}

/** The folder that all of the views are below, if it is a package as all between are: the module goes there once. */
function homeOf(files: readonly string[], texts: ReadonlyMap<string, string>): string | undefined {
  const folders = files.map((one) => one.split("/").slice(0, -1));
  const [first = []] = folders;
  const differs = first.findIndex((part, index) => folders.some((one) => one[index] !== part));
  const common = differs < 0 ? first : first.slice(0, differs);
  const isPackage = (folder: readonly string[]) => texts.has([...folder, "__init__.py"].join("/"));
  const all = folders.flatMap((one) =>
    Array.from({ length: one.length - common.length + 1 }, (_, more) => one.slice(0, common.length + more)),
  );
  return folders.length > 0 && common.length > 0 && all.every(isPackage) ? common.join("/") : undefined;
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
  if (classes.some((one) => /\bAtomicAuthMixin\b/.test(headOf(one)))) return HELD_ALREADY;
  const effects = traceRequest(program, route)?.effects ?? (entry && analyse(program, entry).effects) ?? [];
  const outside = effects.find((one) => one.kind === "external" && !one.deferred);
  if (outside) return `${outside.name} leaves the process in the handler, and must not wait in a transaction`;
  if (entry && /\basync\s+def\b/.test(entry.head()))
    return "transaction.atomic cannot be used in a coroutine";
  return undefined;
}

function headOf(cls: ClassDefinition): string {
  const { text } = cls.module.source;
  return text.slice(cls.start, text.indexOf(":", cls.start));
}

function mixIn(texts: Map<string, string>, view: ClassDefinition, home: string | undefined): void {
  const { path } = view.module;
  const [first] = view.bases;
  const folder = path.split("/").slice(0, -1);
  const above = home === undefined ? 0 : folder.length - home.split("/").length;
  const from = `${".".repeat(above + 1)}${MODULE}`;
  const before = texts.get(path) as string;
  const layout = new Layout(before);
  const { name, missing } = importing(layout, { from, name: "AtomicAuthMixin" }, new Set());
  // Offsets of a class are those of the text as it was read: a second view of the file is found by its name.
  const header = new RegExp(`^([ \\t]*class[ \\t]+${view.name}[ \\t]*\\([ \\t\\r\\n]*)`, "m").exec(before);
  if (!header || !first) return;
  const at = header.index + header[0].length;
  const edits = [
    { start: at, end: at, text: `${name}, ` },
    ...(missing ? importEdits(layout, [missing]) : []),
  ];
  texts.set(path, applyEdits(before, edits) ?? before);
  texts.set([...(home === undefined ? folder : home.split("/")), `${MODULE}.py`].join("/"), ATOMIC_VIEWS);
}
