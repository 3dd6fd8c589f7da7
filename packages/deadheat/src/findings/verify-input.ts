import { z } from "zod";
import { DeadheatError } from "../errors.ts";
import type { Finding } from "./finding.ts";
import { findingSchema } from "./report.ts";

/** What of a report is verified, and where. */
export interface ReportToVerify {
  readonly seed: string;
  readonly findings: readonly Finding[];
  /** API document that the proofs were made with. */
  readonly document?: string;
  /** Of the API that was scanned; absent where a project was proved, which is started anew. */
  readonly origin?: string;
  /** Folder of the project. */
  readonly project?: string;
}

const common = { seed: z.string() };
const scanned = z.object({
  ...common,
  schema: z.literal("deadheat/scan/1"),
  document: z.string(),
  target: z.object({ origin: z.string() }),
  findings: z.array(findingSchema),
});
const witness = z.object({
  ...common,
  schema: z.literal("deadheat/finding/1"),
  document: z.string(),
  target: z.object({ origin: z.string() }),
  finding: findingSchema,
});
const proved = z.object({
  ...common,
  schema: z.literal("deadheat/prove/1"),
  project: z.string(),
  document: z.object({ file: z.string() }).optional(),
  findings: z.array(findingSchema),
});
const input = z.discriminatedUnion("schema", [scanned, witness, proved]);

/** Reads a report of a scan, of `prove`, or one witness file. Throws DeadheatError. */
export function findingsIn(name: string, text: string): ReportToVerify {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(name, "not JSON", cause);
  }
  const parsed = input.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(
      name,
      `not a report (${issue?.path.join(".") || "schema"}: ${issue?.message ?? "unexpected"})`,
    );
  }
  const one = parsed.data;
  const proven = (findings: readonly unknown[]) =>
    (findings as readonly Finding[]).filter(({ status }) => status === "proven");
  if (one.schema === "deadheat/prove/1")
    return {
      seed: one.seed,
      project: one.project,
      findings: proven(one.findings),
      ...(one.document ? { document: one.document.file } : {}),
    };
  const findings = one.schema === "deadheat/scan/1" ? one.findings : [one.finding];
  return { seed: one.seed, document: one.document, origin: one.target.origin, findings: proven(findings) };
}

function invalid(name: string, problem: string, cause?: unknown): DeadheatError {
  return new DeadheatError(
    "witness-invalid",
    `${name}: ${problem}`,
    "Give report.json of a scan, prove.json, or one of the witness files beside them.",
    cause,
  );
}
