import pc from "picocolors";
import type { Analysis, PlannedCandidate, PlannedOperation, RacePlan } from "../../plan/analysis.ts";

export interface PlanTextOptions {
  readonly color: boolean;
  /** Makes a text of the document harmless for a terminal. */
  readonly inert: (text: string) => string;
  /** Every operation and every link, and not only how many there are. */
  readonly all: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

/** Operations, the life of tokens, links and candidates, for people. */
export function planAsText(analysis: Analysis, { color, inert, all }: PlanTextOptions): string {
  const colors = pc.createColors(color);
  const { operations, candidates } = analysis;
  const byId = new Map(operations.map((one) => [one.id, one]));
  const name = (id: string) => nameOf(byId.get(id), id);
  const lines = [
    headline(analysis),
    "",
    ...(all ? [...operationLines(operations), ""] : []),
    ...tokenLines(operations),
    ...linkLines(analysis, name, all),
    ...(candidates.length > 0 ? ["", "  candidates"] : []),
    ...candidates.flatMap((one) => candidateLines(one, name, colors)),
    "",
    ...summaryLines(analysis),
  ];
  return `${lines.map(inert).join("\n")}\n`;
}

function nameOf(one: PlannedOperation | undefined, id: string): string {
  return one ? `${one.method} ${one.path}` : id;
}

function headline({ document, version, operations, basePath }: Analysis): string {
  const kinds = ["read", "create", "replace", "patch", "delete", "action"].map((kind) => {
    const count = operations.filter((one) => one.kind === kind).length;
    return count === 0 ? "" : ` · ${count} ${kind}`;
  });
  const base = basePath === "" ? "" : ` · under ${basePath}`;
  return `${document} · ${/^2/.test(version) ? "Swagger" : "OpenAPI"} ${version}${base} · ${operations.length} operations${kinds.join("")}`;
}

function operationLines(operations: readonly PlannedOperation[]): string[] {
  return operations.map((one) => {
    const place = `${one.location.line}:${one.location.column}`;
    const controls = one.controls ? `   ${one.controls.join(", ")}` : "";
    return `  ${one.kind.padEnd(8)} ${nameOf(one, "")}   ${securityOf(one)}${controls}   ${place}`;
  });
}

function securityOf({ security }: PlannedOperation): string {
  if (security.length === 0) return "open";
  return security
    .map((parts) => (parts.length === 0 ? "nothing" : parts.map(({ scheme }) => scheme).join(" and ")))
    .join(" or ");
}

function tokenLines(operations: readonly PlannedOperation[]): string[] {
  const parts = operations.filter((one) => one.tokenLifecycle !== null);
  if (parts.length === 0) return ["  tokens   nothing tells where they come from or how they end"];
  return parts.map(
    (one, index) =>
      `  ${(index === 0 ? "tokens" : "").padEnd(8)} ${(one.tokenLifecycle ?? "").padEnd(13)} ${nameOf(one, "")}   ${one.evidence?.join(", ") ?? ""}`,
  );
}

function linkLines({ links, unlinked }: Analysis, name: (id: string) => string, all: boolean): string[] {
  const byProducer = new Map<string, number>();
  for (const { producer } of links) byProducer.set(producer, (byProducer.get(producer) ?? 0) + 1);
  if (!all) {
    const makers = `${byProducer.size} operations make what ${links.length} parameters name`;
    return [
      `  links    ${makers}; ${unlinked.length} are filled by nothing${links.length > 0 ? " (--all shows them)" : ""}`,
    ];
  }
  return [
    ...links.map(
      (one) => `  link     ${name(one.producer)} → ${name(one.consumer)}   {${one.parameter}} (${one.via})`,
    ),
    ...unlinked.map((one) => `  unlinked ${name(one.consumer)}   {${one.parameter}}: ${one.reason}`),
  ];
}

function candidateLines(one: PlannedCandidate, name: (id: string) => string, colors: Colors): string[] {
  const [first = "", ...others] = one.operations;
  const { file, line, column } = one.location;
  const paint = one.severity === "high" ? colors.red : colors.yellow;
  return [
    "",
    `${paint("?")} ${colors.bold(one.weakness.padEnd(16))} ${name(first)}   ${one.severity} · confidence ${one.confidence}   ${file}:${line}:${column}`,
    ...others.map((id) => `    with     ${name(id)}`),
    ...one.reasons.map((reason) => `    because  ${reason}`),
    ...(one.plan ? planLines(one.plan) : [`    no plan  ${one.reason}`]),
  ];
}

function planLines({ requests, trials, mutationsPerTrial, mutations, sideEffect }: RacePlan): string[] {
  const count = ({ least, most }: { least: number; most: number }) =>
    least === most ? `${least}` : `${least}–${most}`;
  return [
    ...requests.map(
      ({ phase, method, path, body, times }) =>
        `    ${phase.padEnd(10)} ${count(times).padStart(4)} × ${method} ${path}${body === undefined ? "" : `  ${JSON.stringify(body)}`}`,
    ),
    `    changes  ${count(mutationsPerTrial)} a trial, ${mutations} in ${trials} trials at most; ${sideEffect}`,
  ];
}

function summaryLines({ candidates, problems }: Analysis): string[] {
  const planned = candidates.filter(({ plan }) => plan !== undefined).length;
  return [
    ...problems
      .slice(0, 20)
      .map(({ message, location: { file, line, column } }) => `! ${file}:${line}:${column}: ${message}`),
    ...(problems.length > 20 ? [`! and ${problems.length - 20} more`] : []),
    `${candidates.length} candidates, ${planned} of them with a plan. Nothing was sent.`,
  ];
}
