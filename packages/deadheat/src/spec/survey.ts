import type { LinkFact, OperationKind, TokenLifecycle, Unlinked } from "../plan/analysis.ts";
import { isObject, put } from "./document/json.ts";
import type { OpenApiDocument } from "./document/load.ts";
import { resolveObject } from "./document/resolve.ts";
import { type Described, textOf, wordsIn } from "./facts/described.ts";
import { type Field, FieldReader } from "./facts/fields.ts";
import { kindOf } from "./facts/kind.ts";
import { wordsOf } from "./facts/words.ts";
import { type LifecycleFact, lifecycleOf } from "./lifecycle/index.ts";
import { linkOperations } from "./linking/index.ts";
import { type Catalogue, shape } from "./linking/request.ts";
import { creatorsByNoun } from "./linking/stem.ts";
import { file } from "./lookup.ts";
import { type DocumentedOperation, documentedOperations } from "./operations.ts";
import { requirementsOf } from "./requirements.ts";

/** What a document says of its operations, and what follows from it. */
export interface Survey {
  readonly document: OpenApiDocument;
  readonly operations: readonly Surveyed[];
  readonly links: readonly LinkFact[];
  readonly unlinked: readonly Unlinked[];
}

export interface Surveyed extends Described {
  readonly kind: OperationKind;
  readonly lifecycle?: LifecycleFact;
}

export function survey(document: OpenApiDocument): Survey {
  const reader = new FieldReader(document);
  const operations = documentedOperations(document).map(
    (one) => new DescribedOperation(document, one, reader),
  );
  const shapes = new Map<string, Surveyed>();
  const collections = new Set<string>();
  for (const one of operations) {
    const own = shape(one.template);
    const key = `${one.operation.method} ${own}`;
    if (!shapes.has(key)) shapes.set(key, one);
    if (own.endsWith("/{}")) collections.add(own.slice(0, -3));
  }
  const neighbours = byParent(operations);
  for (const one of operations) {
    const annotated = annotationOf(one);
    const found = annotated.lifecycle ?? lifecycleOf(one, neighbours.get(parentOf(one.template)) ?? []);
    const lifecycle = found === "none" ? undefined : found;
    const inferred = kindOf(one, { isCollection: (path) => collections.has(shape(path)) });
    one.kind = annotated.kind ?? (lifecycle && acts(one, lifecycle, inferred) ? "action" : inferred);
    if (lifecycle) one.lifecycle = lifecycle;
  }
  const catalogue = catalogueOf(operations, shapes);
  const graph = linkOperations(document, catalogue);
  nameMakers(operations, graph.links);
  return { document, operations, ...graph };
}

/** A survey's operations, and its links by who takes part in them. */
export function bySurveyedId({ operations, links, unlinked }: Survey) {
  const byConsumer = new Map<string, LinkFact[]>();
  for (const link of links) file(byConsumer, link.consumer, link);
  const firstUnlinked = new Map<string, Unlinked>();
  for (const one of unlinked) if (!firstUnlinked.has(one.consumer)) firstUnlinked.set(one.consumer, one);
  return {
    operations: new Map(operations.map((one) => [one.operation.id, one])),
    links: byConsumer as ReadonlyMap<string, readonly LinkFact[]>,
    unlinked: firstUnlinked as ReadonlyMap<string, Unlinked>,
  };
}

/** Tells each operation who makes what its path names: the operations are this survey's own until it is returned. */
function nameMakers(operations: readonly Surveyed[], links: readonly LinkFact[]): void {
  const makers = new Map<string, Record<string, string>>();
  for (const { consumer, parameter, producer } of links) {
    const own = makers.get(consumer) ?? {};
    put(own, parameter, producer);
    makers.set(consumer, own);
  }
  for (const { operation } of operations) {
    const own = makers.get(operation.id);
    if (own) Object.assign(operation, { makers: own });
  }
}

const parentOf = (template: string) => template.replace(/\/[^/]*\/?$/, "");

/** Operations whose paths differ in their last segment at most. */
function byParent(described: readonly Described[]): ReadonlyMap<string, readonly Described[]> {
  const groups = new Map<string, Described[]>();
  for (const one of described) {
    if (one.operation.method === "GET") continue;
    file(groups, parentOf(one.template), one);
  }
  return groups;
}

/**
 * What spends a code or renews a token is no write of an object, whatever its method; and what is posted to "get a
 * token" reads nothing.
 */
function acts({ operation }: Described, { lifecycle }: LifecycleFact, inferred: OperationKind): boolean {
  if (!/^(PATCH|PUT|POST)$/.test(operation.method)) return false;
  if (lifecycle === "one-time-code" || lifecycle === "refresh") return true;
  return inferred === "read" || (lifecycle === "revoke" && operation.method === "POST");
}

function catalogueOf(operations: readonly Surveyed[], shapes: ReadonlyMap<string, Surveyed>): Catalogue {
  const ids = new Map(operations.map((one) => [one.operation.id, one]));
  const byName = new Map(operations.map((one) => [`${one.operation.method} ${one.template}`, one]));
  const byOperationId = new Map(operations.map((one) => [one.operation.operationId ?? "", one]));
  const surveyed = (one: Described) => ids.get(one.operation.id);
  const creators = creatorsByNoun(operations.filter((one) => one.kind === "create"));
  return {
    all: operations,
    at: (method, own) => shapes.get(`${method} ${own}`),
    creatorsOf: (noun) => creators.get(noun) ?? [],
    kindOf: (one) => surveyed(one)?.kind ?? "action",
    lifecycleOf: (one) => surveyed(one)?.lifecycle?.lifecycle,
    byId: (id) => byOperationId.get(id),
    logins: operations.filter((one) => one.lifecycle?.lifecycle === "login"),
    named: (name) => ids.get(name) ?? byOperationId.get(name) ?? byName.get(name),
  };
}

/** What it takes and gives is read when something asks: of most reads nothing ever does. */
class DescribedOperation implements Surveyed {
  readonly operation;
  readonly template;
  readonly node;
  readonly pointer;
  readonly words;
  readonly parameters;
  readonly succeeds;
  readonly headers;
  readonly security;
  readonly locates;
  kind: OperationKind = "action";
  lifecycle?: LifecycleFact;
  readonly #reader: FieldReader;
  #description: string | undefined;
  #takes: readonly Field[] | undefined;
  #gives: { readonly fields: readonly Field[] | undefined } | undefined;

  constructor(document: OpenApiDocument, one: DocumentedOperation, reader: FieldReader) {
    const { operation, template, node, pointer } = one;
    const { operationId, summary, responses } = node;
    this.operation = operation;
    this.template = template;
    this.node = node;
    this.pointer = pointer;
    this.words = wordsIn(operationId, summary, template.replace(/\{[^}]*\}/g, " "));
    this.parameters = reader.parameters(one);
    this.succeeds = (isObject(responses) ? Object.keys(responses) : []).filter((status) => /^2/.test(status));
    this.headers = reader
      .answers(node)
      .flatMap((answer) => Object.keys(resolveObject(document, answer.headers) ?? {}))
      .map((header) => header.toLowerCase());
    this.security = requirementsOf(document, node);
    this.locates = this.headers.includes("location");
    this.#reader = reader;
  }

  get name() {
    return wordsOf(textOf(this.node.operationId));
  }

  get description() {
    if (this.operation.method === "GET") return "";
    this.#description ??= wordsIn(textOf(this.node.description).slice(0, 600));
    return this.#description;
  }

  get takes() {
    this.#takes ??= this.#reader.ofRequest(this.node);
    return this.#takes;
  }

  get gives() {
    this.#gives ??= { fields: this.#reader.ofAnswer(this.node) };
    return this.#gives.fields;
  }

  get takesText() {
    return this.#reader.takesText(this.node);
  }

  get givesText() {
    return this.#reader.givesText(this.node);
  }
}

const KINDS: readonly OperationKind[] = ["read", "create", "replace", "patch", "delete", "action"];
const LIFECYCLES: readonly TokenLifecycle[] = ["login", "refresh", "revoke", "password", "one-time-code"];

/** What `x-deadheat` on an operation corrects. */
function annotationOf({ node }: Described): { kind?: OperationKind; lifecycle?: LifecycleFact | "none" } {
  const annotation = node["x-deadheat"];
  if (!isObject(annotation)) return {};
  const kind = KINDS.find((one) => one === annotation.kind);
  const lifecycle = LIFECYCLES.find((one) => one === annotation.lifecycle);
  return {
    ...(kind ? { kind } : {}),
    ...(lifecycle ? { lifecycle: { lifecycle, evidence: ["x-deadheat says so"] } } : {}),
    ...(annotation.lifecycle === "none" ? { lifecycle: "none" as const } : {}),
  };
}
