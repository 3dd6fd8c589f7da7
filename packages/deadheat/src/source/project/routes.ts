import type { ViewArgument } from "../../plan/running-route.ts";
import type { Argument, Expression } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition, Module } from "./definitions.ts";
import { type Project, textOf } from "./project.ts";
import type { Settings } from "./settings.ts";
import { viewMethods, viewsetActions } from "./views.ts";

/** One method at one path, and the function that answers it. */
export interface Route {
  readonly method: string;
  /** As OpenAPI writes it: `/orders/{pk}/`. */
  readonly path: string;
  /** The handler in the project, or `undefined` where a class of a library answers. */
  readonly entry?: FunctionDefinition;
  readonly view?: ClassDefinition;
  /** Dotted name of the class or function that answers, where it is a library's. */
  readonly library?: string;
  /** Of a viewset: `list`, `create`, or a method marked with `@action`. */
  readonly action?: string;
  readonly authenticators: readonly string[];
  readonly permissions: readonly string[];
  /** What `as_view()` was given, as far as a running project tells. */
  readonly arguments?: ReadonlyMap<string, ViewArgument>;
  /** Where it is declared. */
  readonly module: Module;
  readonly start: number;
}

const DEEPEST_INCLUDE = 12;

/** All routes of a project, from its root URLconf, or from every `urlpatterns` that nothing else includes. */
export function routesOf(project: Project, settings: Settings): readonly Route[] {
  const withPatterns = project.modules.filter((one) => one.values.has("urlpatterns"));
  const root = settings.rootUrlconf ? project.moduleNamed(settings.rootUrlconf) : undefined;
  const walk = new Walk(project, settings);
  if (root && withPatterns.includes(root)) walk.module(root, "", 0);
  else {
    // Included modules are reached from those that include them.
    const included = new Set(withPatterns.flatMap((one) => includedIn(one.source.text)));
    for (const one of withPatterns)
      if (![...included].some((name) => one.name === name || one.name.endsWith(`.${name}`)))
        walk.module(one, "", 0);
  }
  return walk.routes;
}

function includedIn(text: string): string[] {
  return [...text.matchAll(/include\(\s*\(?\s*["']([\w.]+)["']/g)].map((match) => match[1] as string);
}

class Walk {
  readonly routes: Route[] = [];
  readonly #project: Project;
  readonly #settings: Settings;

  constructor(project: Project, settings: Settings) {
    this.#project = project;
    this.#settings = settings;
  }

  module(module: Module, prefix: string, depth: number): void {
    const patterns = module.values.get("urlpatterns");
    if (patterns && depth < DEEPEST_INCLUDE) this.patterns(module, patterns, prefix, depth);
    // `urlpatterns += router.urls`, each a statement of its own.
    for (const extra of module.additions.get("urlpatterns") ?? [])
      this.patterns(module, extra, prefix, depth);
  }

  private patterns(module: Module, value: Expression, prefix: string, depth: number): void {
    if (value.kind === "sequence") for (const item of value.items) this.pattern(module, item, prefix, depth);
    else if (value.kind === "binary") {
      this.patterns(module, value.left, prefix, depth);
      this.patterns(module, value.right, prefix, depth);
    } else if (value.kind === "attribute" && value.name === "urls") this.router(module, value.object, prefix);
    else if (value.kind === "call" && /(i18n_patterns|format_suffix_patterns)$/.test(textOf(value.callee)))
      for (const one of value.args)
        this.patterns(
          module,
          one.value.kind === "call" ? { kind: "sequence", items: [one.value], start: 0, end: 0 } : one.value,
          prefix,
          depth,
        );
    else if (value.kind === "name") {
      const found = module.values.get(value.id);
      if (found && found !== value && depth < DEEPEST_INCLUDE)
        this.patterns(module, found, prefix, depth + 1);
    } else if (value.kind === "other")
      for (const part of value.parts) this.patterns(module, part, prefix, depth);
  }

  private pattern(module: Module, item: Expression, prefix: string, depth: number): void {
    if (item.kind === "other") for (const part of item.parts) this.patterns(module, part, prefix, depth);
    if (item.kind !== "call") return;
    const kind = textOf(item.callee).split(".").at(-1);
    if (kind !== "path" && kind !== "re_path" && kind !== "url") return;
    const [pattern, view] = item.args;
    if (pattern?.value.kind !== "string" || !view) return;
    const path = prefix + (kind === "path" ? fromPath(pattern.value.value) : fromRegex(pattern.value.value));
    if (view.value.kind === "call" && textOf(view.value.callee).endsWith("include"))
      this.include(module, view.value.args, path, depth);
    else this.view(module, view.value, path, item.start);
  }

  private include(module: Module, args: readonly Argument[], prefix: string, depth: number): void {
    let what = args[0]?.value;
    if (what?.kind === "sequence") what = what.items[0];
    if (!what) return;
    if (what.kind === "string") {
      const target = this.#project.moduleNamed(what.value, module);
      if (target) this.module(target, prefix, depth + 1);
    } else {
      const found = this.#project.resolve(module, what);
      if (found?.kind === "module") this.module(found.module, prefix, depth + 1);
      else this.patterns(module, what, prefix, depth + 1);
    }
  }

  private view(module: Module, value: Expression, path: string, start: number): void {
    const target = unwrapped(value);
    const asView =
      target.kind === "call" && target.callee.kind === "attribute" && target.callee.name === "as_view";
    const named = asView ? (target.callee as { readonly object: Expression }).object : target;
    const found = this.#project.resolve(module, named);
    if (found?.kind === "function") {
      for (const method of functionMethods(found)) this.add(method, path, module, start, { entry: found });
      return;
    }
    if (found?.kind === "external" && !asView && /(^|\.)obtain_\w*token$/.test(found.dotted))
      this.add("POST", path, module, start, { library: found.dotted });
    if (!asView) return;
    const mapping = target.args[0]?.value;
    if (mapping?.kind === "dictionary") {
      for (const pair of mapping.pairs)
        if (pair.key?.kind === "string" && pair.value.kind === "string")
          this.add(pair.key.value, path, module, start, {
            ...this.handler(found, pair.value.value),
            action: pair.value.value,
          });
      return;
    }
    const cls = found?.kind === "class" ? found : undefined;
    for (const method of viewMethods(this.#project, cls, textOf(named)))
      this.add(method, path, module, start, {
        ...this.handler(found, method),
        ...(found?.kind === "external" ? { library: found.dotted } : {}),
      });
  }

  private handler(
    found: ReturnType<Project["resolve"]>,
    name: string,
  ): { readonly entry?: FunctionDefinition; readonly view?: ClassDefinition } {
    if (found?.kind !== "class") return {};
    const entry = this.#project.method(found, name);
    return { view: found, ...(entry ? { entry } : {}) };
  }

  /** `router.register("orders", OrderViewSet)` for each registration on the router that is meant. */
  private router(module: Module, router: Expression, prefix: string): void {
    const name = textOf(router).split(".").at(-1) as string;
    const found =
      router.kind === "attribute"
        ? this.#project.resolve(module, router.object)
        : this.routerModule(module, name);
    const home = found?.kind === "module" ? found.module : module;
    for (const registration of home.calls.filter((one) => one.text === `${name}.register`)) {
      const [pattern, view] = registration.args;
      const cls = view && this.#project.resolve(home, view.value);
      if (pattern?.value.kind !== "string" || cls?.kind !== "class") continue;
      const base = `${prefix}${fromRegex(pattern.value.value)}`.replace(/\/$/, "");
      const made = home.values.get(name);
      const slash =
        made?.kind === "call" &&
        made.args.some(
          (one) =>
            one.name === "trailing_slash" && one.value.kind === "constant" && one.value.value === false,
        )
          ? ""
          : "/";
      for (const action of this.actions(cls))
        this.add(action.method, `${base}${action.path}${slash}`, home, registration.start, {
          ...this.handler(cls, action.handler),
          action: action.handler,
        });
    }
  }

  private routerModule(module: Module, name: string) {
    const imported = module.imports.get(name);
    const home = imported && this.#project.moduleNamed(imported.module, module);
    return home ? ({ kind: "module", module: home } as const) : undefined;
  }

  private actions(
    cls: ClassDefinition,
  ): { readonly method: string; readonly path: string; readonly handler: string }[] {
    return viewsetActions(this.#project, cls);
  }

  private add(
    method: string,
    path: string,
    module: Module,
    start: number,
    handler: Pick<Route, "entry" | "view" | "library" | "action">,
  ): void {
    const names = (attribute: string, fallback: readonly string[]): readonly string[] => {
      const own =
        decoratedWith(handler.entry, attribute) ??
        (handler.view && this.#project.attribute(handler.view, attribute)?.value);
      if (!own) return fallback;
      return own.kind === "sequence" ? own.items.map(textOf).filter((one) => one) : [textOf(own)];
    };
    const isRest = isRestView(this.#project, handler);
    this.routes.push({
      method: method.toUpperCase(),
      path: `/${path.replace(/^\//, "")}`,
      ...handler,
      authenticators: names("authentication_classes", isRest ? this.#settings.authentication : []),
      permissions: names("permission_classes", isRest ? this.#settings.permissions : []),
      module,
      start,
    });
  }
}

/** `@permission_classes([IsAuthenticated])` on a function, `@action(permission_classes=[AllowAny])` on a method. */
function decoratedWith(entry: FunctionDefinition | undefined, attribute: string): Expression | undefined {
  for (const one of entry?.signature().decorators ?? []) {
    if (one.kind !== "call") continue;
    if (textOf(one).split(".").at(-1) === attribute) return one.args[0]?.value;
    const given = one.args.find((argument) => argument.name === attribute);
    if (given) return given.value;
  }
  return undefined;
}

/** DRF authenticates before the handler; Django's own views do not. */
function isRestView(
  project: Project,
  { view, entry }: { readonly view?: ClassDefinition; readonly entry?: FunctionDefinition },
): boolean {
  if (!view) return entry?.signature().decorators.some((one) => /(^|\.)api_view$/.test(textOf(one))) === true;
  return project.lineage(view).external.some((one) => /rest_framework|(APIView|ViewSet)$/.test(one));
}

/** `login_required(View.as_view())`, `csrf_exempt(view)`: what is inside. */
function unwrapped(value: Expression): Expression {
  if (value.kind !== "call") return value;
  if (value.callee.kind === "attribute" && value.callee.name === "as_view") return value;
  const inner = value.args.at(-1)?.value;
  return inner && (inner.kind === "call" || inner.kind === "name" || inner.kind === "attribute")
    ? unwrapped(inner)
    : value;
}

/** `orders/<int:pk>/` → `orders/{pk}/`. */
export function fromPath(pattern: string): string {
  return pattern.replace(/<(?:[^:<>]+:)?([^<>]+)>/g, "{$1}");
}

/** `^orders/(?P<pk>[^/.]+)/$` → `orders/{pk}/`. Groups without a name become `{0}`, `{1}`, … */
export function fromRegex(pattern: string): string {
  let out = "";
  let unnamed = 0;
  const text = pattern.replace(/^\^/, "").replace(/\\?\$$|\\Z$/, "");
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") out += text[++at] ?? "";
    else if (text[at] !== "(") out += text[at];
    else {
      const end = closing(text, at);
      const name = /^\(\?P<(\w+)>/.exec(text.slice(at));
      if (name) out += `{${name[1]}}`;
      else if (!text.startsWith("(?:", at)) out += `{${unnamed++}}`;
      at = end;
      if (text[at + 1] === "?") at++;
    }
  }
  return out.replace(/\/\?$/, "/");
}

function closing(text: string, from: number): number {
  let depth = 0;
  let inSet = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (inSet) inSet = text[at] !== "]";
    else if (text[at] === "[") inSet = true;
    else if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at;
  }
  return text.length - 1;
}

/** By `@api_view`, `@require_POST`, `@require_http_methods`; any of them where nothing says. */
function functionMethods(fn: FunctionDefinition): string[] {
  for (const decorator of fn.signature().decorators) {
    const name = textOf(decorator).split(".").at(-1);
    const [given] = decorator.kind === "call" ? decorator.args : [];
    if ((name === "api_view" || name === "require_http_methods") && given?.value.kind === "sequence")
      return given.value.items.flatMap((one) => (one.kind === "string" ? [one.value] : []));
    if (name === "api_view" || name === "require_GET" || name === "require_safe") return ["GET"];
    if (name === "require_POST") return ["POST"];
  }
  return ["ANY"];
}
