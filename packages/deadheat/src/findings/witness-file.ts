import { z } from "zod";
import { DeadheatError } from "../errors.ts";
import { historyIn, type RuntimeEvidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { findingSchema, type Report } from "./report.ts";

/** One proof in a file of its own: what is needed to run it again. */
export interface WitnessFile {
  readonly schema: "deadheat/finding/1";
  readonly seed: string;
  /** As the user named it, from the folder in which the scan was run. */
  readonly document: string;
  readonly target: Report["target"];
  readonly finding: Finding;
}

const witnessFileSchema = z.object({
  schema: z.literal("deadheat/finding/1"),
  seed: z.string(),
  document: z.string(),
  target: z.object({ origin: z.string(), authorization: z.string().optional() }),
  finding: findingSchema,
});

export function witnessFileOf(report: Report, finding: Finding): WitnessFile {
  const { seed, document, target } = report;
  return { schema: "deadheat/finding/1", seed, document, target, finding };
}

/** Throws DeadheatError where the text is no proof that can be run again. */
export function parseWitnessFile(
  name: string,
  text: string,
): { readonly file: WitnessFile; readonly evidence: RuntimeEvidence } {
  const invalid = (problem: string) =>
    new DeadheatError(
      "witness-invalid",
      `${name}: ${problem}`,
      "Give a witness file that a scan wrote, .deadheat/SEED/WEAKNESS-….json.",
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DeadheatError("witness-invalid", `${name}: not JSON`, invalid("").hint, cause);
  }
  const parsed = witnessFileSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") || "the file";
    throw invalid(`not a witness file (${place}: ${issue?.message ?? "unexpected"})`);
  }
  const file = parsed.data as WitnessFile;
  const evidence = historyIn(file.finding.evidence);
  if (!evidence) throw invalid("it holds no recorded history, so there is nothing to run again");
  return { file, evidence };
}
