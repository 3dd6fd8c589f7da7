import type { RaceReport } from "../findings/race-report.ts";
import { historyEvidence, sampleReport } from "./sample-report.ts";

const { tool, seed, target, transports, cleanup } = sampleReport;

/** A race of the user's own, proven. */
export const sampleRace: RaceReport = {
  schema: "deadheat/race/1",
  ...{ tool, seed, target, transports, cleanup },
  scenario: { name: "the last one in stock", source: "examples/shop/race.yaml" },
  status: "proven",
  trials: 2,
  overlapped: 2,
  evidence: {
    ...historyEvidence,
    schedule: { ...historyEvidence.schedule, order: [0, 1, 2], offsetsMs: [0, 0, 0] },
  },
  requests: 114,
  durationMs: 3700,
};

const { evidence: _, ...silent } = sampleRace;

/** The same where nothing was seen. */
export const silentRace: RaceReport = {
  ...silent,
  status: "not-observed",
  trials: 60,
  overlapped: 60,
  bound: 0.0487,
  remarks: ["HTTP/2 was not spoken"],
};
