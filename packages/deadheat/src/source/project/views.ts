import { ACTIONS, HANDLED_METHODS, WHOLE_VIEWSETS } from "../facts/views.ts";
import type { ClassDefinition, FunctionDefinition } from "./definitions.ts";
import { type Project, textOf } from "./project.ts";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** HTTP methods that a class-based view answers: its handlers, and those of the library classes under it. */
export function viewMethods(
  project: Project,
  cls: ClassDefinition | undefined,
  name: string,
): readonly string[] {
  if (!cls) return HANDLED_METHODS[name.split(".").at(-1) as string] ?? [];
  const { external } = project.lineage(cls);
  const inherited = external.flatMap((one) => HANDLED_METHODS[one.split(".").at(-1) as string] ?? []);
  const own = METHODS.filter((method) => project.method(cls, method));
  return METHODS.filter(
    (method) => (own.includes(method) || inherited.includes(method)) && isAllowed(project, cls, method),
  );
}

function isAllowed(project: Project, cls: ClassDefinition, method: string): boolean {
  const given = project.attribute(cls, "http_method_names")?.value;
  if (given?.kind !== "sequence") return true;
  return given.items.some((one) => one.kind === "string" && one.value.toLowerCase() === method);
}

interface Action {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
}

/** What a router makes of a viewset: the actions of its mixins, and those marked with `@action`. */
export function viewsetActions(project: Project, cls: ClassDefinition): Action[] {
  const { external } = project.lineage(cls);
  const bases = external.map((one) => one.split(".").at(-1) as string);
  const lookup = lookupOf(project, cls);
  const found: Action[] = ACTIONS.filter(
    ({ name, mixin }) =>
      project.method(cls, name) !== undefined ||
      bases.includes(mixin) ||
      bases.some((base) => WHOLE_VIEWSETS[base]?.includes(name)),
  ).map(({ name, method, detail }) => ({ method, path: detail ? `/{${lookup}}` : "", handler: name }));
  for (const one of project.lineage(cls).classes)
    for (const method of one.methods.values()) found.push(...extraActions(method, lookup));
  return found.filter((one) => isAllowed(project, cls, one.method));
}

function lookupOf(project: Project, cls: ClassDefinition): string {
  const url =
    project.attribute(cls, "lookup_url_kwarg")?.value ?? project.attribute(cls, "lookup_field")?.value;
  return url?.kind === "string" ? url.value : "pk";
}

function extraActions(fn: FunctionDefinition, lookup: string): Action[] {
  if (
    !/@(\w+\.)?(action|detail_route|list_route)\b/.test(fn.module.source.text.slice(fn.start, fn.start + 400))
  )
    return [];
  for (const decorator of fn.signature().decorators) {
    const name = textOf(decorator).split(".").at(-1);
    if (!/^(action|detail_route|list_route)$/.test(name ?? "")) continue;
    const args = decorator.kind === "call" ? decorator.args : [];
    const given = (key: string) => args.find((one) => one.name === key)?.value;
    const detail = given("detail");
    const isDetail = name === "detail_route" || (detail?.kind === "constant" && detail.value === true);
    const path = given("url_path");
    const methods = given("methods");
    const names =
      methods?.kind === "sequence"
        ? methods.items.flatMap((one) => (one.kind === "string" ? [one.value.toLowerCase()] : []))
        : ["get"];
    const last = path?.kind === "string" ? path.value.replace(/\(\?P<(\w+)>[^)]*\)/g, "{$1}") : fn.name;
    return names.map((method) => ({
      method,
      path: `${isDetail ? `/{${lookup}}` : ""}/${last}`,
      handler: fn.name,
    }));
  }
  return [];
}
