import { readFile } from "node:fs/promises";
import { DeadheatError, type ErrorCode } from "../errors.ts";
import { parseReport } from "../findings/read-report.ts";
import type { Report } from "../findings/report.ts";

/** Throws DeadheatError where the file cannot be read. */
export async function textOf(
  file: string,
  code: ErrorCode,
  hint = "Give the path of a file.",
): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code: reason } = cause as NodeJS.ErrnoException;
    const problem = reason === "ENOENT" ? "no such file" : `cannot be read (${reason})`;
    throw new DeadheatError(code, `${file}: ${problem}`, hint, cause);
  }
}

/** The report of an earlier scan. Throws DeadheatError. */
export async function readReport(file: string): Promise<Report> {
  return parseReport(file, await textOf(file, "report-invalid", "Give a report.json that a scan wrote."));
}
