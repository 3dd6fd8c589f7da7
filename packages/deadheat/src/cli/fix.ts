import { statSync } from "node:fs";
import { resolve } from "node:path";
import { DeadheatError } from "../errors.ts";
import { standardOutput } from "./output.ts";

export interface FixFlags {
  readonly format?: string;
  /** Change the files; without it the diffs are printed only. */
  readonly write?: boolean;
  /** A rule's id, or FILE:LINE of a finding. */
  readonly only?: string;
}

/** Prints, and with `--write` applies, fixes for what the source analysis finds. Exit codes: 0; 2 for usage. */
export async function fixCommand(path: string, flags: FixFlags): Promise<number> {
  const format = flags.format ?? "console";
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: no such format`, "Give console or json.");
  const root = resolve(path);
  if (!statSync(root, { throwIfNoEntry: false }))
    throw new DeadheatError(
      "usage",
      `${path}: no such file or folder`,
      "Give the folder of a Django project.",
    );
  const { fixAsJson, fixAsText, fixProject, writePatches } = await import("../engine/fix.ts");
  const report = await fixProject(root, { only: flags.only });
  if (flags.only !== undefined && report.fixed.length + report.unfixed.length === 0)
    throw new DeadheatError(
      "usage",
      `--only ${flags.only}: no such finding`,
      "Give a rule's id or FILE:LINE as deadheat check --all prints them.",
    );
  if (flags.write) writePatches(root, report.patches);
  const written = flags.write === true && report.patches.length > 0;
  const { color } = standardOutput(process.stdout);
  process.stdout.write(
    format === "json" ? fixAsJson(report, written) : fixAsText(report, { color, written }),
  );
  return 0;
}
