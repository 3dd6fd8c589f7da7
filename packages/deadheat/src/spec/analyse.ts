import type { Analysis, LinkFact, PlannedCandidate, PlannedOperation } from "../plan/analysis.ts";
import type { Candidate } from "../plan/plan.ts";
import { brokenReferences } from "./check-references.ts";
import { planCredentials } from "./credentials.ts";
import { isObject } from "./document/json.ts";
import type { OpenApiDocument, Problem } from "./document/load.ts";
import { controlsOf } from "./facts/controls.ts";
import type { Hint } from "./hints/hint.ts";
import { hintRules } from "./hints/index.ts";
import { viewOf } from "./hints/view.ts";
import { offerOf, type PlanOptions } from "./index.ts";
import { takenToken } from "./lifecycle/tokens.ts";
import { file } from "./lookup.ts";
import { basePath } from "./operations.ts";
import { racePlanOf } from "./requests/race-plan.ts";
import { rules } from "./rules/index.ts";
import { type Survey, type Surveyed, survey } from "./survey.ts";
import { whyNot, whyUnplanned } from "./unplanned.ts";

/** Everything that `deadheat plan` tells of a document. Sends nothing. */
export function analyse(document: OpenApiDocument, options: PlanOptions = {}): Analysis {
  const found = survey(document);
  const view = viewOf(found);
  const hints = found.operations.flatMap((one) =>
    hintRules.flatMap((rule) => (ignores(one, rule.weakness) ? [] : rule.hints(one, view))),
  );
  return {
    schema: "deadheat/plan/1",
    document: document.file,
    version: document.version,
    basePath: basePath(document.root),
    operations: found.operations.map(plannedOperation),
    links: [...found.links, ...tokenLinks(found)],
    unlinked: found.unlinked,
    candidates: hints.length === 0 ? [] : arrange(onceEach(hints), found, options),
    broken: document.problems.length > 0,
    problems: problemsOf(document, found),
  };
}

/** One race of one operation is told once, with what was found first. */
function onceEach(hints: readonly Hint[]): Hint[] {
  const told = new Set<string>();
  return hints.filter(({ weakness, operations: [one] }) => {
    const key = `${weakness} ${one?.operation.id}`;
    const isNew = !told.has(key);
    told.add(key);
    return isNew;
  });
}

function ignores({ node }: Surveyed, weakness: string): boolean {
  const annotation = node["x-deadheat"];
  return isObject(annotation) && Array.isArray(annotation.ignore) && annotation.ignore.includes(weakness);
}

function plannedOperation(one: Surveyed): PlannedOperation {
  const { operation, template, security, kind, lifecycle } = one;
  const { precondition, validator, version, idempotencyKey, statuses } = controlsOf(one);
  const controls = [
    ...(precondition ? ["If-Match"] : []),
    ...(validator ? ["ETag"] : []),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(idempotencyKey ? ["Idempotency-Key"] : []),
    ...statuses,
  ];
  return {
    id: operation.id,
    method: operation.method,
    path: template,
    ...(operation.operationId === undefined ? {} : { operationId: operation.operationId }),
    security,
    kind,
    tokenLifecycle: lifecycle?.lifecycle ?? null,
    ...(lifecycle ? { evidence: lifecycle.evidence } : {}),
    ...(controls.length > 0 ? { controls } : {}),
    location: operation.location,
  };
}

/** What a token endpoint gives, to what takes it in its body: the refresh, the revocation. */
function tokenLinks({ operations }: Survey): LinkFact[] {
  const logins = operations.filter((one) => one.lifecycle?.lifecycle === "login");
  const folder = ({ template }: Surveyed) => template.replace(/\/$/, "").split("/").slice(0, -1).join("/");
  const byFolder = new Map<string, Surveyed[]>();
  for (const one of logins) file(byFolder, folder(one), one);
  return operations.flatMap((consumer): LinkFact[] => {
    const part = consumer.lifecycle?.lifecycle;
    if (part !== "refresh" && part !== "revoke") return [];
    const taken =
      consumer.takes.find((field) => /^refresh(token)?$/.test(field.plain)) ?? takenToken(consumer);
    if (!taken) return [];
    const [producer, other] = byFolder.get(folder(consumer)) ?? logins;
    if (!producer || other) return [];
    const ids = { producer: producer.operation.id, consumer: consumer.operation.id };
    return [{ ...ids, parameter: taken.name, place: "body", via: "token-endpoint" }];
  });
}

function arrange(hints: readonly Hint[], found: Survey, options: PlanOptions): PlannedCandidate[] {
  const offer = offerOf(found.document, options, found);
  const part = new Map(found.operations.map((one) => [one.operation.id, one.lifecycle?.lifecycle]));
  const credentials = planCredentials(offer.callable, offer.schemes).map((one) => ({
    ...one,
    // A scan finds out by calling; what is known to be a login is no registration, and what renews a token is neither.
    registrations: one.registrations.filter(({ id }) => part.get(id) === undefined),
    logins: one.logins.filter(({ id }) => part.get(id) === undefined || part.get(id) === "login"),
  }));
  const callable = new Map(offer.callable.map((one) => [one.id, one]));
  const tried = new Map<string, readonly Candidate[]>();
  return hints.map((hint) => {
    const { weakness, operations, severity, confidence, reasons } = hint;
    const [one] = operations as [Surveyed];
    const base = {
      weakness,
      operations: operations.map(({ operation }) => operation.id),
      severity,
      confidence,
      reasons,
      location: one.operation.location,
    };
    if (hint.unraceable !== undefined) return { ...base, reason: hint.unraceable };
    const operation = callable.get(one.operation.id);
    const reason = whyNot(hint, offer);
    if (!operation || reason !== undefined)
      return { ...base, reason: reason ?? "it cannot be called by a scan" };
    const key = `${weakness} ${operation.id}`;
    const candidates =
      tried.get(key) ??
      rules
        .filter((rule) => rule.weakness === weakness)
        .flatMap((rule) => rule.candidates(operation, offer.callable, options.objects ?? [], offer.facts));
    tried.set(key, candidates);
    const fitting = candidates.map((it) => withRival(it, hint)).find((it) => it !== undefined);
    return fitting
      ? { ...base, plan: racePlanOf(fitting, credentials) }
      : { ...base, reason: whyUnplanned(hint, offer, found) };
  });
}

/** The candidate against the operation that the hint names, where the scan would race it with that one. */
function withRival(candidate: Candidate, { operations: [, rival] }: Hint): Candidate | undefined {
  if (!candidate.rivals || candidate.rivals.length === 0) return candidate;
  const named = candidate.rivals.filter((one) => one.id === rival?.operation.id);
  return named.length > 0 ? { ...candidate, rivals: named } : candidate;
}

function problemsOf(document: OpenApiDocument, { operations }: Survey): Problem[] {
  const byName = new Map<string, Surveyed>();
  const twice: Problem[] = [];
  for (const one of operations) {
    const { operationId, location } = one.operation;
    if (operationId === undefined) continue;
    const first = byName.get(operationId);
    if (first)
      twice.push({
        message: `operationId ${operationId}: also that of ${first.operation.method} ${first.template}`,
        location,
      });
    else byName.set(operationId, one);
  }
  const { servers, components } = document.root;
  const top = document.locate([]);
  const missing: Problem[] = [
    ...(Array.isArray(servers) && servers.length > 0
      ? []
      : [{ message: "no servers: paths are taken from the origin", location: top }]),
    ...(isObject(components) &&
    isObject(components.securitySchemes) &&
    Object.keys(components.securitySchemes).length > 0
      ? []
      : [
          {
            message: "no security schemes: which credential an operation asks for is not said",
            location: top,
          },
        ]),
  ];
  return [...document.problems, ...brokenReferences(document, document.source), ...twice, ...missing];
}
