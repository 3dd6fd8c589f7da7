import type { Project } from "../project/project.ts";

/** `stock -= 1`, `balance = balance - price`, `F("seats") - 1`. */
const TAKEN = [/\.(\w+)\s*-=/g, /\.(\w+)\s*=\s*[\w.]+\.\1\s*-/g, /\bF\(\s*["'](\w+)["']\s*\)\s*-/g];
/** `if item.stock < 1` */
const SHORT = [/\bif\s+(?:not\s+)?[\w.]+\.(\w+)\s*(?:<=?|==)\s*[\w.]+/g];
/** `code.uses += 1`: what is compared is then how much there has been. */
const ADDED = [/\.(\w+)\s*\+=/g, /\.(\w+)\s*=\s*[\w.]+\.\1\s*\+/g, /\bF\(\s*["'](\w+)["']\s*\)\s*\+/g];

/** Names of columns that the project takes from: a row without any of it would be refused everything. */
export function spentColumns({ modules }: Pick<Project, "modules">): string[] {
  const matching = (patterns: readonly RegExp[]) =>
    new Set(
      modules.flatMap(({ source }) =>
        patterns.flatMap((pattern) => [...source.text.matchAll(pattern)].map(([, name]) => name as string)),
      ),
    );
  const [taken, short, added] = [TAKEN, SHORT, ADDED].map(matching) as [
    Set<string>,
    Set<string>,
    Set<string>,
  ];
  return [...new Set([...taken, ...[...short].filter((one) => !added.has(one))])].sort();
}
