import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkSource } from "../../packages/deadheat/src/source/check.ts";
import type { SourceFinding } from "../../packages/deadheat/src/source/finding.ts";
import type { Fix } from "./table.ts";

export interface Row {
  readonly fix: Fix;
  /** Findings in the function before its fix; for code without a fix, as it is. */
  readonly before: readonly SourceFinding[] | undefined;
  readonly after: readonly SourceFinding[] | undefined;
}

export async function measure(fix: Fix, folder: string): Promise<Row> {
  const single = existsSync(join(folder, "at"));
  return {
    fix,
    before: await findingsIn(join(folder, single ? "at" : "before"), fix),
    after: single ? undefined : await findingsIn(join(folder, "after"), fix),
  };
}

async function findingsIn(folder: string, fix: Fix): Promise<readonly SourceFinding[] | undefined> {
  if (!existsSync(folder)) return undefined;
  const report = await checkSource(folder, { now: () => performance.now() });
  const places = [fix.function, ...fix.also].map((one) => placeOf(one, fix.path));
  return report.findings.filter((one) =>
    places.some((place) => one.file === place.path && isIn(one.function, place.name)),
  );
}

function placeOf(text: string, path: string): { readonly path: string; readonly name: string } {
  const colon = text.lastIndexOf(":");
  return colon < 0 ? { path, name: text } : { path: text.slice(0, colon), name: text.slice(colon + 1) };
}

/** A fix that names a class is in any of its methods. */
function isIn(found: string, wanted: string): boolean {
  return found === wanted || found.startsWith(`${wanted}.`);
}
