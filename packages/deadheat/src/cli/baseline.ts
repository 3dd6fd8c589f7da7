import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { DeadheatError } from "../errors.ts";
import { accepting, baselineSchema, parseBaseline } from "../findings/baseline.ts";
import { inert, inertJson } from "../inert.ts";
import { today } from "./clock.ts";
import { readReport, textOf } from "./read.ts";

interface BaselineFlags {
  readonly reason: string;
  readonly expires: string;
  readonly output: string;
  readonly only?: readonly string[];
}

/** Writes down which findings of a report are lived with, why, and until when. */
export async function baselineCommand(file: string, flags: BaselineFlags): Promise<number> {
  const { reason, expires, output, only } = flags;
  const entry = baselineSchema.shape.accepted.unwrap().element.safeParse({ finding: "x", reason, expires });
  if (!entry.success)
    throw new DeadheatError(
      "usage",
      `--reason and --expires: ${entry.error.issues[0]?.message ?? "not usable"}`,
      'Give --reason "why it is lived with" --expires YYYY-MM-DD.',
    );
  if (expires < today())
    throw new DeadheatError(
      "usage",
      `--expires ${expires}: that day is over, and nothing would be accepted`,
      "Give a day to come, YYYY-MM-DD.",
    );
  const report = await readReport(file);
  const ids = report.findings.map((one) => one.id);
  const unknown = (only ?? []).find((one) => !ids.includes(one));
  if (unknown !== undefined)
    throw new DeadheatError(
      "usage",
      `--only ${unknown}: no such finding in ${file}`,
      `There are ${ids.join(", ")}.`,
    );
  const before = existsSync(output)
    ? parseBaseline(output, await textOf(output, "baseline-invalid"))
    : undefined;
  const chosen = { ...report, findings: report.findings.filter((one) => only?.includes(one.id) ?? true) };
  const baseline = accepting(before, chosen, { reason, expires });
  try {
    await writeFile(output, `${inertJson(baseline, 2)}\n`);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DeadheatError(
      "output-unwritable",
      `${output}: cannot be written (${code})`,
      "Choose another --output.",
      cause,
    );
  }
  const added = baseline.accepted.length - (before?.accepted.length ?? 0);
  process.stdout.write(`${added} added, ${baseline.accepted.length} in ${inert(output)}\n`);
  return 0;
}
