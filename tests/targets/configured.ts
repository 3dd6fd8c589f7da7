import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../packages/deadheat/src/config/index.ts";
import type { ScanOptions } from "../../packages/deadheat/src/index.ts";
import type { Target } from "./api.ts";
import { lines, scanned } from "./scanned.ts";

type ConfiguredOptions = Partial<ScanOptions> & {
  readonly env?: Record<string, string>;
  /** Stand beside the configuration. */
  readonly files?: Record<string, string>;
};

/** Scans a target as a deadheat.yaml says. */
export async function configured(
  target: Pick<Target, "url" | "document">,
  yaml: string,
  options: ConfiguredOptions = {},
) {
  return withConfig(yaml, options, async (configuration) => {
    const { report, events } = await scanned(target, configuration);
    return { report, outcomes: lines(report), told: JSON.stringify(events) };
  });
}

/** What a deadheat.yaml says, for as long as `work` takes. */
export async function withConfig<T>(
  yaml: string,
  options: ConfiguredOptions,
  work: (configuration: Partial<ScanOptions>) => Promise<T>,
): Promise<T> {
  const { env = {}, files = {}, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), "deadheat-configured-"));
  try {
    const file = join(folder, "deadheat.yaml");
    writeFileSync(file, yaml);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const config = await loadConfig({ file, folder, env });
    const { principals = [], objects = [], mail, allow = [] } = config ?? {};
    return await work({
      principals,
      objects,
      authorization: { allow },
      ...(mail ? { mail } : {}),
      ...rest,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
