import type pc from "picocolors";
import { CONTROLS, type ControlRow } from "../../findings/controls.ts";
import type {
  Evidence,
  ExchangeEvidence,
  MeasuredEvidence,
  RecordedExchange,
} from "../../findings/evidence.ts";
import { inert } from "../../inert.ts";
import { CONTROL_HEADS, challengeMark, controlMark } from "../control-marks.ts";

type Colors = Pick<ReturnType<typeof pc.createColors>, "red" | "green" | "yellow" | "dim" | "bold">;

const LEGEND =
  "✓ as declared · ✗ not in force · ! not as usual · ~ 2xx without the data or effect · ? not to be told · blank: not tested";
const WIDTH = 5;
const NAME = 42;
/** Longer tables show only what is worth a look. */
const MOST_ROWS = 60;
/** What the document declares against what is in force, a row for each operation. */
export function controlTable(rows: readonly ControlRow[], color: Colors): string[] {
  const tested = rows.filter((row) => row.declared.length > 0);
  if (tested.length === 0) return remarkLines(rows, color);
  const shown = tested.length <= MOST_ROWS ? tested : tested.filter(isNotable);
  const head = `  ${"controls".padEnd(NAME)} ${CONTROLS.map((name) => CONTROL_HEADS[name].padEnd(WIDTH)).join("")} 401${shown.some(isSeen) ? "  1 tx" : ""}`;
  const rest = tested.length - shown.length;
  return [
    "",
    color.bold(head),
    ...shown.map((row) => rowLine(row, color)),
    ...(rest > 0 ? [`  … and ${rest} operations as they are declared`] : []),
    color.dim(`  ${LEGEND}`),
    ...remarkLines(rows, color),
  ];
}

/** Whether its database was in view. */
function isSeen({ atomic }: ControlRow): boolean {
  return atomic !== "not known";
}

function rowLine(row: ControlRow, color: Colors): string {
  const name = nameOf(row);
  const cut = name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name.padEnd(NAME);
  if (row.reason !== undefined && Object.keys(row.enforced).length === 0)
    return `  ${inert(cut)} ${color.dim(inert(row.reason))}`;
  const cells = CONTROLS.map((control) => {
    const mark = controlMark(control, row.enforced[control], row.optional);
    return `${paint(mark || " ", color)}${" ".repeat(WIDTH - 1)}`;
  });
  return `  ${inert(cut)} ${cells.join("")} ${paint(challengeMark(row) || " ", color)}${transactionMark(row, color)}${row.optional ? color.dim("  optional") : ""}`;
}

/** Token check and write in one transaction, as captured. */
function transactionMark({ atomic }: ControlRow, color: Colors): string {
  return { yes: `    ${color.green("✓")}`, no: `    ${color.yellow("!")}`, "not known": "" }[atomic];
}

function paint(mark: string, color: Colors): string {
  if (mark === "✗") return color.red(mark);
  if (mark === "!" || mark === "?") return color.yellow(mark);
  return mark === "✓" ? color.green(mark) : mark;
}

function isNotable(row: ControlRow): boolean {
  return (
    row.remarks.length > 0 ||
    CONTROLS.some((one) => ["✗", "!", "?", "~"].includes(controlMark(one, row.enforced[one], row.optional)))
  );
}

/** One line for each remark, however many operations it is about. */
function remarkLines(rows: readonly ControlRow[], color: Colors): string[] {
  const about = new Map<string, string[]>();
  for (const row of rows)
    for (const remark of row.remarks) about.set(remark, [...(about.get(remark) ?? []), nameOf(row)]);
  return [...about].map(([remark, names]) => {
    const which = names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(", ");
    return color.yellow(`  ! ${inert(which)}: ${inert(remark)}`);
  });
}

function nameOf({ operation }: ControlRow): string {
  return `${operation.method} ${operation.path}`;
}

const MOST_EXHIBITS = 6;

/** The exhibits of a finding that is no history: requests and answers, or what was measured. */
export function exhibitLines(evidence: readonly Evidence[], color: Colors): string[] {
  const exhibits = evidence.filter((one) => one.kind === "runtime" && one.form === "exchange");
  const measured = evidence.filter((one) => one.kind === "runtime" && one.form === "measured");
  const [first] = exhibits;
  const more = exhibits.slice(1, MOST_EXHIBITS).map((one) => `  ${inert(one.summary)}`);
  const rest = exhibits.length - MOST_EXHIBITS;
  return [
    ...(first ? exchangeLines(first, color) : []),
    ...more,
    ...(rest > 0 ? [`  … and ${rest} more, all in the report`] : []),
    ...measured.flatMap(measuredLines),
  ];
}

function exchangeLines({ summary, exchanges, controls }: ExchangeEvidence, color: Colors): string[] {
  const width = Math.max(...exchanges.map((one) => `${one.method} ${one.path}`.length), 0);
  const distinct = exchanges.filter(
    (one, index) => index === 0 || line(one, 0) !== line(exchanges[index - 1] as RecordedExchange, 0),
  );
  return [
    `  ${inert(summary)}`,
    "",
    ...distinct.map((one) => `    ${line(one, width)}`),
    "",
    ...controls.map((one) => color.dim(`  checked ${inert(one)}`)),
  ];
}

function line({ method, path, credential, status, shows }: RecordedExchange, width: number): string {
  const answer = `${credential} → ${status ?? "no answer"}`;
  return `${inert(`${method} ${path}`.padEnd(width))}  ${inert(answer)}${shows === undefined ? "" : `  ${inert(shows)}`}`;
}

function measuredLines({ summary, measurements, controls }: MeasuredEvidence): string[] {
  const lengths = [...new Set(measurements.map((one) => one.heldMs))].sort((a, b) => a - b);
  const rows = lengths.map((held) => {
    const same = measurements.filter((one) => one.heldMs === held);
    const list = (values: readonly number[]) => values.map((one) => Math.round(one)).join(", ");
    return `    held ${held} ms: waited ${list(same.map((one) => one.waitedMs))} ms · another user ${list(same.map((one) => one.otherWaitedMs))} ms`;
  });
  return [`  ${inert(summary)}`, "", ...rows, "", ...controls.map((one) => `  checked ${inert(one)}`)];
}
