import { isObject } from "../document/json.ts";
import type { OpenApiDocument } from "../document/load.ts";
import { resolveObject } from "../document/resolve.ts";
import { idempotencyKeyOf } from "../facts/idempotency.ts";
import { shape } from "../linking/request.ts";
import { needsOptIn } from "../side-effects.ts";
import type { Survey, Surveyed } from "../survey.ts";
import { folderOf } from "./guarded.ts";
import type { HintView } from "./hint.ts";

/** Looks a surveyed document up as hints ask for it. */
export function viewOf({ document, operations }: Survey): HintView {
  const byShape = new Map<string, Surveyed>();
  const byPrefix = new Map<string, Surveyed[]>();
  for (const one of operations) {
    const own = shape(one.template);
    const key = `${one.operation.method} ${own}`;
    if (!byShape.has(key)) byShape.set(key, one);
    for (let end = own.length; end > 0; end = own.lastIndexOf("/", end - 1)) {
      const prefix = own.slice(0, end);
      if (!prefix.endsWith("}")) continue;
      const below = byPrefix.get(prefix);
      if (below) below.push(one);
      else byPrefix.set(prefix, [one]);
    }
  }
  return {
    all: operations,
    at: (method, path) => byShape.get(`${method} ${shape(path)}`),
    guarded: guardedOf(operations),
    below: (path) => byPrefix.get(shape(path)) ?? [],
    refusesAll: refusesAll(operations),
    keyed: keyedOf(operations),
    tokenFolders: new Set(
      operations.flatMap(({ lifecycle, template }) => (lifecycle ? [folderOf(template)] : [])),
    ),
    jwtSchemes: jwtSchemesOf(document),
    undeclared: undeclaredOf(document, operations),
  };
}

/** Changes of what is there first; what makes something last, since it can be repeated without harm. */
function guardedOf(operations: readonly Surveyed[]): Surveyed[] {
  const order = ["action", "patch", "replace", "create"];
  const rank = ({ kind, operation }: Surveyed) =>
    order.indexOf(kind) + operation.pathParameters.length + (needsOptIn(operation) ? 10 : 0);
  return operations
    .filter((one) => !one.operation.open && one.operation.bearer.length > 0 && order.includes(one.kind))
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

function keyedOf(operations: readonly Surveyed[]): Surveyed[] {
  return operations
    .flatMap((one) => {
      const key = one.kind === "read" ? undefined : idempotencyKeyOf(one);
      return key ? [{ one, order: (key.header ? 0 : 2) + (one.kind === "create" ? 0 : 1) }] : [];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one);
}

/** Fewer operations than this may well all have a reason of their own. */
const FEW = 5;

function refusesAll(operations: readonly Surveyed[]): boolean {
  const share = (all: readonly Surveyed[]) =>
    all.length < FEW
      ? 0
      : all.filter(({ operation }) => operation.statuses.includes("409")).length / all.length;
  const changes = operations.filter(({ kind }) => kind !== "read");
  return share(changes) > 0.5 || share(changes.filter(({ kind }) => kind === "create")) > 0.8;
}

function jwtSchemesOf(document: OpenApiDocument): string[] {
  const { components } = document.root;
  const schemes =
    isObject(components) && isObject(components.securitySchemes) ? components.securitySchemes : {};
  return Object.keys(schemes).filter((name) => {
    const scheme = resolveObject(document, schemes[name]);
    return scheme?.type === "http" && /^jwt$/i.test(String(scheme.bearerFormat ?? ""));
  });
}

function undeclaredOf(document: OpenApiDocument, operations: readonly Surveyed[]): Set<string> {
  const { components } = document.root;
  const schemes =
    isObject(components) && isObject(components.securitySchemes) ? components.securitySchemes : {};
  const named = operations.flatMap(({ security }) => security.flat().map(({ scheme }) => scheme));
  return new Set(named.filter((name) => !Object.hasOwn(schemes, name)));
}
