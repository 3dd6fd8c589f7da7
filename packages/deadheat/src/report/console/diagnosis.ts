import pc from "picocolors";
import type { CredentialDiagnosis, Diagnosis, OperationDiagnosis } from "../../findings/diagnosis.ts";
import { inert } from "../../inert.ts";
import { transportLines } from "../transports.ts";

type Colors = ReturnType<typeof pc.createColors>;

/** What `deadheat doctor` prints. */
export function diagnosisText(diagnosis: Diagnosis, colored: boolean): string {
  const color = pc.createColors(colored);
  const { target, transports, credentials, operations, omitted } = diagnosis;
  const line = (name: string, text: string) => `  ${name.padEnd(9)} ${inert(text)}`;
  const judged = operations.filter((one) => one.behaves !== undefined);
  const rest = operations.filter((one) => one.behaves === undefined);
  return [
    `${color.bold("deadheat doctor")} · ${inert(target.origin)}`,
    "",
    line("address", target.address),
    ...transportLines(transports).map((one) => line("speaks", one)),
    ...transports.degraded.map(({ reason }) => line("mode", reason)),
    line("clock", clockText(diagnosis)),
    ...credentials.map((one) => line("token", credentialText(one))),
    line("server", parallelismText(diagnosis)),
    "",
    operations.length === 0
      ? "There is nothing to race: the document has no operation that changes state under a token and can be called."
      : `A scan could judge ${judged.length} of ${operations.length} operations that change state:`,
    ...judged.map((one) => `${color.green("✓")} ${operationText(one)}`),
    ...rest.map((one) => `${color.yellow("?")} ${operationText(one)}`),
    ...omitted.map(({ operation, reason }) => omittedText(operation, reason, color)),
    "",
  ].join("\n");
}

function clockText({ clock }: Diagnosis): string {
  if (!clock) return "not known: the server sends no Date header";
  const { skewMs, uncertaintyMs } = clock;
  const sign = skewMs < 0 ? "behind" : "ahead of";
  if (Math.abs(skewMs) <= uncertaintyMs) return `the same as here, ± ${uncertaintyMs} ms`;
  return `${durationText(Math.abs(skewMs), uncertaintyMs)} ${sign} this machine's, ± ${uncertaintyMs} ms`;
}

/** In the unit that fits, no finer than was measured: an hour is an hour, give or take a second. */
function durationText(ms: number, uncertaintyMs: number): string {
  for (const [name, length] of UNITS) {
    const count = Math.round(ms / length);
    if (count > 0 && Math.abs(ms - count * length) <= uncertaintyMs + 1) return `${count} ${name}`;
  }
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}

const UNITS = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

function credentialText({ scheme, via, reason, fresh, secondToken, renewable, users }: CredentialDiagnosis) {
  if (via === undefined) return `${scheme}: none: ${reason}`;
  const notes = [
    fresh ? "a new principal for each trial" : `${users === 1 ? "one principal" : `${users} principals`}`,
    secondToken
      ? "several tokens each"
      : fresh && renewable
        ? "one token each: races of two tokens are not judged"
        : "one token each: races of two tokens and revocations are not judged",
    ...(renewable ? [] : ["a token that ends cannot be had again"]),
  ];
  return `${scheme}: ${via} (${notes.join("; ")})`;
}

function parallelismText({ parallelism }: Diagnosis): string {
  if (!parallelism) return "how many requests it works on at once is not known: nothing could be learned";
  const { atOnce, sent, overlaps, operation } = parallelism;
  if (atOnce === undefined)
    return overlaps
      ? `requests overlap: some overtake others (${operation})`
      : `it cannot be told whether requests overlap: independent calls of ${operation} were refused`;
  if (!overlaps)
    return `one request at a time (${sent} × ${operation} ran ${atOnce.toFixed(1)} at once): requests cannot overlap`;
  if (atOnce < 1.5)
    return `requests overlap: some overtake others (${operation}); its processor is the limit`;
  const more = atOnce > 0.8 * sent ? " or more" : "";
  return `works on about ${Math.round(atOnce)}${more} requests at once (${sent} × ${operation})`;
}

function operationText(one: OperationDiagnosis): string {
  const { operation, behaves, latencyMs, visibilityMs, reason, planned } = one;
  const name = `${operation.method} ${operation.path}`.padEnd(40);
  if (behaves === undefined) return `${inert(name)} ${inert(reason ?? "")}`;
  const shows = visibilityMs ? `, shows after ${visibilityMs} ms` : "";
  return `${inert(name)} ${inert(behaves)} · ${latencyMs} ms${shows} · ${planned.join(", ")}`;
}

function omittedText(operation: OperationDiagnosis["operation"], reason: string, color: Colors): string {
  const name = `${operation.method} ${operation.path}`.padEnd(40);
  return `${color.dim("·")} ${inert(name)} left out: it ${inert(reason)}`;
}
