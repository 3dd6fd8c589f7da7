import type { SqlStatement } from "../../plan/interleaving.ts";
import type { Catalogue } from "./side.ts";

/** What a statement does to tables, by their names without schema; or `anything`, where its text does not tell. */
export type Reach = ReadonlyMap<string, "reads" | "changes"> | "anything";

/** With the tables that foreign keys lead to: a change locks and may change them, too. */
export function reach(statement: SqlStatement, catalogue: Catalogue): Reach {
  if (statement.kind === "other" || isOpaque(statement, catalogue)) return "anything";
  const reached = new Map<string, "reads" | "changes">();
  for (const { name, use } of statement.tables) {
    const bare = bareName(name);
    const known = catalogue.links.filter((one) => one.name === bare);
    if (known.length === 0 || known.some((one) => one.opaque)) return "anything";
    if (use === "read") {
      if (!reached.has(bare)) reached.set(bare, "reads");
      continue;
    }
    reached.set(bare, "changes");
    for (const other of known.flatMap((one) => one.reaches)) reached.set(other, "changes");
  }
  return reached;
}

/** It runs statements that do not come through the proxy: in a procedure, or in a function of the user's. */
export function isOpaque({ opaque, calls = [] }: SqlStatement, { functions }: Catalogue): boolean {
  return opaque === true || calls.some((name) => functions === "unknown" || functions.includes(name));
}

/** It changes a table that has triggers or rules. */
export function runsTriggers({ tables }: SqlStatement, { links }: Catalogue): boolean {
  const written = tables.filter((one) => one.use === "write").map(({ name }) => bareName(name));
  return links.some(({ name, triggers }) => triggers && written.includes(name));
}

export function bareName(name: string): string {
  return name.split(".").at(-1) ?? name;
}
