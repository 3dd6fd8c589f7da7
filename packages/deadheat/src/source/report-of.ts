import { version } from "../version.ts";
import type { CheckReport, Partial } from "./finding.ts";
import type { Verdicts } from "./judge.ts";
import { type Loaded, partlyParsed } from "./load.ts";
import type { Module } from "./project/definitions.ts";

/** The report of a check; how long it took is for others to say. */
export function reportOf(
  { modules, partial, bytes, files }: Loaded & { readonly files: readonly unknown[] },
  judged: Verdicts,
): CheckReport {
  return {
    schema: "deadheat/check/1",
    tool: { name: "deadheat", version },
    findings: judged.findings,
    files: files.length,
    bytes,
    partial: [...partial, ...misread(modules), ...judged.partial],
    ignored: judged.ignored,
    durationMs: 0,
  };
}

/** Functions that were parsed when they were asked for, and not understood. */
function misread(modules: readonly Module[]): Partial[] {
  return modules
    .filter((one) => one.misread.length > 0)
    .map((one) => {
      const inOrder = [...one.misread].sort((a, b) => a.start - b.start);
      return { file: one.path, reason: partlyParsed(one.source, inOrder) };
    });
}
