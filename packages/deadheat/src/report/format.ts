import type { ReportPaths } from "./paths.ts";
import type { Output, Reporter } from "./reporter.ts";

/** One way of showing a scan. One file in `formats/`, and a line in its index. */
export interface Format {
  readonly name: string;
  /** The reporter writes to `output` and nowhere else. */
  open(output: Output, context: FormatContext): Reporter;
}

export interface FormatContext {
  /** Where the scan's own files are. */
  readonly paths: ReportPaths;
  /** The folder that file names are told from. */
  readonly folder: string;
}
