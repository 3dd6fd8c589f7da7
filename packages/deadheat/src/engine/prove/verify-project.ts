import type { Finding } from "../../findings/finding.ts";
import type { NotStarted } from "../../findings/prove-report.ts";
import type { VerifyResult } from "../../findings/verify-report.ts";
import { verifyFindings } from "../verify.ts";
import type { ProveEvent } from "./events.ts";
import { inWorld, type ProveOptions, sourcedOf } from "./prove.ts";
import { running } from "./running.ts";

/** Starts a project as it is now, and runs proofs of it again. */
export async function verifyProject(
  options: ProveOptions,
  findings: readonly Finding[],
  emit: (event: ProveEvent) => void,
): Promise<{ readonly results: readonly VerifyResult[]; readonly target: string } | NotStarted> {
  const sourced = await sourcedOf(options);
  const outcome = await inWorld(sourced, emit, (world, project, documented) =>
    running({ options: sourced, world, documented, emit }, project, async ({ target, url }) => ({
      target: url,
      results: await verifyFindings(
        target,
        findings,
        (result) => emit({ type: "verified", result }),
        (event) => emit({ type: "scan", event }),
      ),
    })),
  );
  if ("failed" in outcome && outcome.failed) return outcome.failed;
  return outcome as { readonly results: readonly VerifyResult[]; readonly target: string };
}
