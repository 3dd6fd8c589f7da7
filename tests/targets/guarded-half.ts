import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, type LabOptions, startLab } from "@deadheat/lab";
import { parse } from "yaml";
import type { Report, ScanOptions } from "../../packages/deadheat/src/index.ts";
import { scanned } from "./scanned.ts";

export type Half = "racy" | "guarded";

/** The part of the lab's document that is about one half. */
export function halfOf(document: string, half: Half, folder: string): string {
  const { paths, ...rest } = parse(readFileSync(document, "utf8"));
  const own = Object.entries(paths).filter(([path]) => path.startsWith(`/${half}/`));
  const file = join(folder, `${half}.json`);
  writeFileSync(file, JSON.stringify({ ...rest, paths: Object.fromEntries(own) }));
  return file;
}

/** Starts a lab of its own, scans one half of it, and stops it. */
export async function scannedHalf(
  half: Half,
  lab: LabOptions,
  options: Partial<ScanOptions> = {},
): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-half-"));
  let running: Lab | undefined;
  try {
    running = await startLab(lab);
    const document = halfOf(running.document, half, folder);
    return (await scanned({ url: running.url, document }, options)).report;
  } finally {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
