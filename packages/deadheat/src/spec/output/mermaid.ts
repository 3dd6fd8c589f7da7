import type { Analysis, PlannedOperation } from "../../plan/analysis.ts";

/** The links as a Mermaid flowchart: who makes what the others name, and the life of tokens. */
export function planAsMermaid({ operations, links }: Analysis): string {
  const byId = new Map(operations.map((one, index) => [one.id, { one, node: `o${index}` }]));
  const edges = new Map<string, Set<string>>();
  for (const { producer, consumer, parameter } of links) {
    const from = byId.get(producer)?.node;
    const to = byId.get(consumer)?.node;
    if (from === undefined || to === undefined) continue;
    const key = `${from} ${to}`;
    edges.set(key, (edges.get(key) ?? new Set()).add(parameter));
  }
  const linked = new Set([...edges.keys()].flatMap((key) => key.split(" ")));
  const shown = [...byId.values()].filter(({ one, node }) => linked.has(node) || one.tokenLifecycle !== null);
  return [
    "flowchart LR",
    ...shown.map(({ one, node }) => `  ${node}["${label(one)}"]${one.tokenLifecycle ? ":::token" : ""}`),
    ...[...edges].map(([key, parameters]) => {
      const [from, to] = key.split(" ");
      return `  ${from} -->|"${[...parameters].map(escaped).join(", ")}"| ${to}`;
    }),
    "  classDef token stroke-width:3px",
    "",
  ].join("\n");
}

function label({ method, path, tokenLifecycle }: PlannedOperation): string {
  return escaped(`${method} ${path}${tokenLifecycle ? ` · ${tokenLifecycle}` : ""}`);
}

/** Mermaid reads `#quot;` and its like inside of quotes, and nothing else there means anything. */
function escaped(text: string): string {
  return [...text.slice(0, 200)]
    .map((character) => (/[\w /.,:·{}-]/.test(character) ? character : `#${character.codePointAt(0)};`))
    .join("");
}
