import { isObject } from "../document/json.ts";
import type { OpenApiDocument } from "../document/load.ts";
import { resolveObject } from "../document/resolve.ts";
import { idempotencyKeyOf } from "../facts/idempotency.ts";
import { shape } from "../linking/request.ts";
import type { Survey, Surveyed } from "../survey.ts";
import { guardedIn } from "./guarded.ts";
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
    guarded: guardedIn(operations),
    below: (path) => byPrefix.get(shape(path)) ?? [],
    refusesAll: refusesAll(operations),
    keyed: keyedOf(operations),
    jwtReads: jwtReadsOf(document, operations),
    undeclared: undeclaredOf(document, operations),
  };
}

/** A document of fewer operations is told of up to as many. */
const SMALL = 10;
const FEW_KEYED = 3;

/** One mechanism serves all of an API: where many operations take a key, those that make something stand for them. */
function keyedOf(operations: readonly Surveyed[]): HintView["keyed"] {
  const keyed = operations
    .flatMap((one) => {
      const key = one.kind === "read" ? undefined : idempotencyKeyOf(one);
      return key ? [{ one, order: (key.header ? 0 : 2) + (one.kind === "create" ? 0 : 1) }] : [];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one);
  const most = operations.length < SMALL ? FEW_KEYED : Math.floor(operations.length / 10);
  return { told: new Set(keyed.slice(0, most)), others: Math.max(keyed.length - most, 0) };
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

function jwtReadsOf(
  document: OpenApiDocument,
  operations: readonly Surveyed[],
): ReadonlyMap<string, Surveyed> {
  const { components } = document.root;
  const schemes =
    isObject(components) && isObject(components.securitySchemes) ? components.securitySchemes : {};
  const found = new Map<string, Surveyed>();
  for (const name of Object.keys(schemes)) {
    const scheme = resolveObject(document, schemes[name]);
    if (scheme?.type !== "http" || !/^jwt$/i.test(String(scheme.bearerFormat ?? ""))) continue;
    const read = operations.find((it) => it.kind === "read" && it.operation.bearer.includes(name));
    if (read) found.set(name, read);
  }
  return found;
}

function undeclaredOf(document: OpenApiDocument, operations: readonly Surveyed[]): Set<string> {
  const { components } = document.root;
  const schemes =
    isObject(components) && isObject(components.securitySchemes) ? components.securitySchemes : {};
  const named = operations.flatMap(({ security }) => security.flat().map(({ scheme }) => scheme));
  return new Set(named.filter((name) => !Object.hasOwn(schemes, name)));
}
