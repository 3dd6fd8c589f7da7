import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../packages/deadheat/src/config/index.ts";
import type { ScanOptions } from "../../packages/deadheat/src/index.ts";
import type { Target } from "./api.ts";
import { lines, scanned } from "./scanned.ts";

/** Scans a target as a deadheat.yaml says. `files` stand beside it. */
export async function configured(
  target: Pick<Target, "url" | "document">,
  yaml: string,
  options: Partial<ScanOptions> & {
    readonly env?: Record<string, string>;
    readonly files?: Record<string, string>;
  } = {},
) {
  const { env = {}, files = {}, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), "deadheat-configured-"));
  try {
    const file = join(folder, "deadheat.yaml");
    writeFileSync(file, yaml);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const config = await loadConfig({ file, folder, env });
    const { principals = [], objects = [], mail, allow = [] } = config ?? {};
    const { report, events } = await scanned(target, {
      principals,
      objects,
      authorization: { allow },
      ...(mail ? { mail } : {}),
      ...rest,
    });
    return { report, outcomes: lines(report), told: JSON.stringify(events) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
