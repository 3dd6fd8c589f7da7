import type { Evidence } from "../../findings/evidence.ts";
import type { RaceReport } from "../../findings/race-report.ts";
import { counted, percentText, schedulesText } from "../words.ts";
import type { FindingData, OutcomeData, PageData } from "./data.ts";
import { factsOf } from "./facts.ts";

/**
 * A race of the user's own, in the shape of a scan's page.
 * @param witness the command that runs its proof again; absent where the scenario is in a program
 */
export function racePageData(report: RaceReport, replay: string | undefined): PageData {
  const { tool, target, scenario, seed } = report;
  return {
    of: "race",
    version: tool.version,
    target: target.origin,
    document: scenario.source,
    seed,
    verdict: verdictOf(report),
    grade: null,
    score: null,
    gradeWords: `${counted(report.trials, "trial")}, ${report.overlapped} of them overlapped`,
    weaknesses: {},
    findings: report.evidence ? [findingOf(report, replay)] : [],
    matrix: { heads: [], rows: [], remarks: [] },
    outcomes: report.evidence ? [] : [outcomeOf(report)],
    unjudged: [],
    ...factsOf({ ...report, document: scenario.source }),
  };
}

/** What its one finding rests on. */
export function raceEvidence({ evidence, interleaving }: RaceReport): readonly (readonly Evidence[])[] {
  return evidence ? [[evidence, ...(interleaving ? [interleaving] : [])]] : [];
}

function verdictOf({ scenario: { name }, status, evidence, overlapped, bound }: RaceReport): string {
  switch (status) {
    case "proven": {
      const rate = evidence?.rate;
      const again = rate ? `; ${rate.races} of ${rate.trials} further trials show it again` : "";
      return `A race is proven: ${name}${again}.`;
    }
    case "not-observed": {
      const share =
        bound === undefined ? "" : `, so that less than ${percentText(bound)} of such trials show it`;
      return `Nothing was proven: ${name}. Not observed in ${counted(overlapped, "overlapped trial")}${share}.`;
    }
    case "violated-sequentially":
      return `No race: ${name} is violated by one request at a time as well.`;
    default:
      return `Could not be judged: ${name}.`;
  }
}

function findingOf({ scenario, evidence }: RaceReport, replay: string | undefined): FindingData {
  const raced = (evidence?.history ?? []).filter((one) => /^r\d+$/.test(one.id));
  return {
    index: 0,
    id: "race",
    weakness: scenario.name,
    operation: [...new Set(raced.map((one) => one.operation))].join(" + "),
    status: "proven",
    summary: evidence?.summary ?? "",
    ...(replay === undefined ? {} : { replay }),
  };
}

function outcomeOf({
  scenario,
  status,
  overlapped,
  bound,
  reason,
  remarks = [],
  schedules,
}: RaceReport): OutcomeData {
  const silent = status === "not-observed";
  const share = bound === undefined ? "" : ` (< ${percentText(bound)})`;
  const words = silent
    ? `not observed in ${counted(overlapped, "overlapped trial")}${share}`
    : `${status.replaceAll("-", " ")}${reason === undefined ? "" : `: ${reason}`}`;
  return {
    kind: silent ? "silent" : "open",
    weakness: scenario.name,
    operation: scenario.source,
    words,
    notes: [...schedulesText(schedules), ...remarks],
  };
}
