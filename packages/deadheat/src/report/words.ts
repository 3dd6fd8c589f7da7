import type { OperationRef, RaceOutcome } from "../findings/finding.ts";
import type { Report } from "../findings/report.ts";

/** `POST /coupons/{code}/redeem`. */
export function operationName({ method, path }: OperationRef): string {
  return `${method} ${path}`;
}

/** A share, rounded up: a bound must not look better than it is. `4.9 %`. */
export function percentText(share: number): string {
  return `${(Math.ceil(share * 1000) / 10).toFixed(1)} %`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** The whole report as one or two sentences. Never that an API is safe. */
export function verdictOf({ findings, outcomes }: Pick<Report, "findings" | "outcomes">): string {
  const proven = findings.filter((one) => one.status === "proven");
  const operations = new Set(proven.map((one) => operationName(one.operation))).size;
  const accepted = proven.filter((one) => one.accepted).length;
  const suspected = findings.length - proven.length;
  const silent = outcomes.filter((one) => one.status === "not-observed");
  const bounds = silent.flatMap((one) => (one.bound === undefined ? [] : [one.bound]));
  const others = silent.length - bounds.length;
  const open = outcomes.filter(isOpen).length;
  const head =
    proven.length === 0
      ? "Nothing was proven"
      : `${counted(proven.length, "weakness is", "weaknesses are")} proven at ${counted(operations, "operation")}`;
  const also = [
    ...(accepted > 0 ? [`${accepted} of them accepted by the baseline`] : []),
    ...(suspected > 0 ? [`${suspected} more suspected`] : []),
  ];
  const rest = [
    bounds.length === 0
      ? ""
      : `${counted(bounds.length, "race was", "races were")} not observed (each in less than ${percentText(Math.max(...bounds))} of overlapped trials, with 95 % confidence)`,
    others === 0 ? "" : `${counted(others, "other check")} showed nothing`,
    open === 0 ? "" : `${open} could not be judged`,
  ].filter((one) => one !== "");
  const second = rest.length > 0 ? ` ${capital(rest.join("; "))}.` : "";
  return `${[head, ...also].join(", ")}.${second}`;
}

export function isOpen({ status }: Pick<RaceOutcome, "status">): boolean {
  return status === "inconclusive" || status === "model-unfit";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What an outcome came to, as one line without its name. */
export function outcomeText(outcome: RaceOutcome): string {
  const { status, overlapped, bound, reason } = outcome;
  if (status === "not-observed" && bound !== undefined)
    return `not observed in ${counted(overlapped, "overlapped trial")} (< ${percentText(bound)})`;
  const words = status.replaceAll("-", " ");
  return reason === undefined ? words : `${words}: ${reason}`;
}

/** What became of the orders of SQL statements; one that was not realised supports nothing, and is said. */
export function schedulesText(schedules: RaceOutcome["schedules"]): string[] {
  if (!schedules) return [];
  const { planned, realised, unrealised, skipped, reasons, uncovered } = schedules;
  const { deadlocks, serializationFailures } = schedules;
  return [
    `schedules: ${planned} planned, ${realised} realised, ${unrealised} not, ${skipped} skipped`,
    ...reasons.map((one) => `not realised: ${one}`),
    ...(deadlocks > 0 ? [`deadlocks: ${deadlocks} (lock-order)`] : []),
    ...(serializationFailures > 0 ? [`serialization failures: ${serializationFailures}`] : []),
    ...uncovered.map((one) => `uncovered: ${one}`),
  ];
}
