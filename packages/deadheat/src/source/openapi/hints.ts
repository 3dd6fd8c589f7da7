import type { SourceFinding } from "../finding.ts";
import type { Route } from "../project/routes.ts";
import type { Schema } from "./schema.ts";

/** `x-deadheat` of an operation, as far as its source says: what accumulates, what is spent once. */
export function hintsFor(route: Route, findings: readonly SourceFinding[]): Schema | undefined {
  const own = findings.filter(
    (one) =>
      one.route?.path === route.path && (one.route.method === route.method || one.route.method === "ANY"),
  );
  const accumulates = fieldsOf(
    own,
    /counter|read-modify|next-value|atomic-without|wrong-row|bearer-unlocked/,
  );
  const once = fieldsOf(own, /check-then-act|single-use|claim|limit/);
  const hints = {
    ...(accumulates.length > 0 ? { accumulates } : {}),
    ...(once.length > 0 ? { once } : {}),
  };
  return Object.keys(hints).length > 0 ? hints : undefined;
}

/** Names of the columns that the findings' lines change. */
function fieldsOf(findings: readonly SourceFinding[], rules: RegExp): string[] {
  const names = findings
    .filter((one) => rules.test(one.rule))
    .flatMap(({ path }) => path)
    .filter(({ role }) => role === "read" || role === "write")
    .flatMap(({ text }) => /\.(\w+)\s*[-+*/]?=(?!=)/.exec(text)?.[1] ?? []);
  return [...new Set(names)];
}
