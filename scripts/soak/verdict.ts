import type { Report } from "../../packages/deadheat/src/index.ts";
import type { MeasuredScan } from "../measured-scan.ts";
import type { Subject } from "./subjects.ts";

const MOST_MEGABYTES = 250;

const nameOf = ({ weakness, operation }: Report["outcomes"][number] | Report["findings"][number]) =>
  `${weakness} ${operation.method} ${operation.path}`;

/** Prints what came out, and what should not have; whether it was right. */
export function line(
  index: number,
  subject: Subject,
  { report, code, seconds, megabytes }: MeasuredScan,
): boolean {
  const found = report.findings.map(nameOf);
  const missed = subject.racy.filter((one) => !found.includes(one));
  const falsely = found.filter((one) => one.includes(" /guarded/"));
  const silent = report.outcomes.filter((one) => one.status === "not-observed").map(nameOf);
  const unjudged = subject.clean.filter((one) => !silent.includes(one));
  const right =
    code === subject.exit &&
    missed.length + falsely.length + unjudged.length === 0 &&
    seconds <= (subject.mostSeconds ?? Number.POSITIVE_INFINITY) &&
    megabytes <= MOST_MEGABYTES;
  const { racy, clean, name } = subject;
  console.log(
    `${String(index).padStart(2)}  ${name.padEnd(7)}  seed ${report.seed}  ` +
      `racy proven ${racy.length - missed.length}/${racy.length}  ` +
      `guarded clean ${clean.length - unjudged.length}/${clean.length}  false ${falsely.length}  exit ${code}  ` +
      `${report.requests} requests  ${seconds.toFixed(1)} s  ${megabytes.toFixed(0)} MB  ${right ? "right" : "WRONG"}`,
  );
  for (const one of falsely) console.log(`      false: ${one}`);
  for (const one of [...missed, ...unjudged]) console.log(`      ${one}: ${whatBecameOf(report, one)}`);
  return right;
}

function whatBecameOf({ outcomes }: Report, name: string): string {
  const outcome = outcomes.find((one) => nameOf(one) === name);
  if (!outcome) return "not planned";
  const { status, reason, trials } = outcome;
  return `${status} in ${trials} trials${reason === undefined ? "" : ` (${reason})`}`;
}
