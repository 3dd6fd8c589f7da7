import { isDeepStrictEqual } from "node:util";
import type { Report } from "../../packages/deadheat/src/index.ts";

const STATUSES = ["not-observed", "inconclusive", "model-unfit", "not-applicable"] as const;

/** How much of what was judged became of it, by weakness; no operation is named, and nothing said of proofs. */
export function counted({ outcomes }: Report): string[] {
  return STATUSES.flatMap((status) => {
    const those = outcomes.filter((one) => one.status === status);
    if (those.length === 0) return [];
    const weaknesses = [...new Set(those.map((one) => one.weakness))].sort();
    const parts = weaknesses.map(
      (weakness) => `${those.filter((one) => one.weakness === weakness).length} ${weakness}`,
    );
    const bounds = those.flatMap(({ bound }) => (bound === undefined ? [] : [100 * bound]));
    const bound = bounds.length === 0 ? "" : ` · each < ${Math.max(...bounds).toFixed(1)} %`;
    return [`${status.padEnd(14)} ${those.length}: ${parts.join(", ")}${bound}`];
  });
}

/** Every outcome that is one, with its reason. */
export function told(report: Report): string[] {
  return report.outcomes
    .filter(({ status }) => status !== "not-applicable")
    .map((one) => {
      const { status, weakness, operation, trials, overlapped, reason } = one;
      const finding = report.findings.find(
        (it) => it.weakness === weakness && isDeepStrictEqual(it.operation, operation),
      );
      const evidence = finding?.evidence.find(({ kind }) => kind === "runtime");
      const words = [
        `${status.padEnd(14)} ${weakness} ${operation.method} ${operation.path}`,
        ...(trials > 0 ? [`${overlapped} of ${trials} trials overlapped`] : []),
        ...(evidence && "summary" in evidence ? [evidence.summary] : []),
        ...(reason === undefined ? [] : [reason]),
      ];
      return words.join(" · ");
    });
}
