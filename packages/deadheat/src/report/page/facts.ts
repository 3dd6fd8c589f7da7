import type { Report } from "../../findings/report.ts";
import type { Fact, PageData } from "./data.ts";

type Told = Pick<
  Report,
  "settings" | "transports" | "requests" | "durationMs" | "document" | "seed" | "target" | "cleanup"
>;

/** How the scan was run, and what kept it from doing harm. */
export function factsOf(report: Told): Pick<PageData, "settings" | "safety"> {
  return { settings: settingsOf(report).filter(isTold), safety: safetyOf(report).filter(isTold) };
}

function isTold({ values }: Fact): boolean {
  return values.length > 0;
}

function settingsOf(report: Told): Fact[] {
  const { settings, transports, requests, durationMs, document, seed } = report;
  return [
    { name: "document", values: [document] },
    { name: "seed", values: [seed] },
    { name: "transports", values: transportWords(transports) },
    {
      name: "requests",
      values: [`${requests.toLocaleString("en-US")} in ${(durationMs / 1000).toFixed(1)} s`],
    },
    { name: "trials a scenario", values: settings ? [String(settings.trials)] : [] },
    { name: "only", values: settings?.weaknesses ?? [] },
    {
      name: "database",
      values: settings
        ? [settings.database ? "in view: orders of SQL statements were tried" : "not in view: bursts only"]
        : [],
    },
    { name: "request timeout", values: settings ? [`${settings.timeoutMs} ms`] : [] },
  ];
}

function transportWords({ spoken, trials, probe, degraded }: Report["transports"]): string[] {
  const measured = trials.length > 0 ? trials : probe;
  const words = measured.map(({ mode, spreadMs, overlap, bursts }) =>
    [
      `${mode}: ${bursts} bursts`,
      ...(spreadMs === undefined ? [] : [`answers began within ${spreadMs} ms (median)`]),
      ...(overlap === undefined ? [] : [`${Math.round(overlap * 100)} % of the requests overlapped`]),
    ].join(", "),
  );
  const lost = degraded.map(({ transport, reason }) => `${transport}: ${reason}`);
  return words.length > 0 ? [...words, ...lost] : [spoken.join(", "), ...lost];
}

function safetyOf({ target, settings, cleanup }: Told): Fact[] {
  const left = cleanup.left.map(({ by, count, reason }) => `left behind: ${count} × ${by}: ${reason}`);
  return [
    { name: "target", values: [target.origin] },
    {
      name: "authorisation",
      values: [target.authorization ?? "none needed: the target is on this machine, or none was stated"],
    },
    { name: "origins allowed beyond this machine", values: settings?.allow ?? [] },
    { name: "opted in", values: settings?.optIn ?? [] },
    {
      name: "left out",
      values: (settings?.omitted ?? []).map(({ operation, reason }) => `${operation}: it ${reason}`),
    },
    {
      name: "limits",
      values: settings
        ? [
            `${settings.requestLimit.toLocaleString("en-US")} requests at most`,
            ...(settings.ratePerSecond === undefined
              ? []
              : [`${settings.ratePerSecond} requests a second at most`]),
          ]
        : [],
    },
    { name: "cleaned up", values: [`${cleanup.removed.toLocaleString("en-US")} objects removed`, ...left] },
  ];
}
