import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, startLab } from "@deadheat/lab";
import { halfOf } from "../../tests/targets/guarded-half.ts";
import { type MeasuredScan, measuredScan } from "../measured-scan.ts";
import type { Subject } from "./subjects.ts";

/** Scans a lab of its own with the command that users have. `run` counts from 0. */
export async function scanLab(subject: Subject, run: number): Promise<MeasuredScan> {
  const { half, suite, right = [] } = subject;
  const folder = mkdtempSync(join(tmpdir(), "deadheat-soak-"));
  let lab: Lab | undefined;
  try {
    const way = right[run % right.length];
    lab = await startLab({ ...(suite ? { suites: [suite] } : {}), ...(way ? { right: way } : {}) });
    const whole = suite ? (lab.suiteDocuments[0] as string) : lab.document;
    const document = half === "whole" ? whole : halfOf(whole, half, folder);
    return await measuredScan([document, "--target", lab.url, ...switchesOf(subject)], folder);
  } finally {
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the operations that may be called, those of the document. */
function switchesOf({ half, only = [], optIn = [], mostRequests }: Subject): string[] {
  const there = optIn.filter((one) => half === "whole" || one.includes(` /${half}/`));
  return [
    ...only.flatMap((one) => ["--only", one]),
    ...there.flatMap((one) => ["--opt-in", one]),
    ...(mostRequests === undefined ? [] : ["--requests", String(mostRequests)]),
  ];
}
