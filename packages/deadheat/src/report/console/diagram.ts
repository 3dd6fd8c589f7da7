import type { RecordedCall, RuntimeEvidence } from "../../findings/evidence.ts";
import { inert } from "../../inert.ts";

const WIDTH = 34;
const MOST_LANES = 8;

interface Colors {
  red(text: string): string;
  dim(text: string): string;
}

/**
 * The space-time diagram in text: a lane per call of the witness, from invoke to return, `✗` where it
 * is the one that no order can place. A call of another operation than the finding's `own` is named.
 */
export function diagram(
  evidence: RuntimeEvidence,
  own: string,
  color: Colors,
  why = "no sequential order explains this",
): string[] {
  const core = evidence.history.filter((one) => evidence.witness.includes(one.id));
  const lanes = choose(core, evidence.impossible);
  if (lanes.length === 0) return [];
  const end = Math.max(...lanes.map((one) => one.return ?? one.invoke)) || 1;
  const start = Math.min(0, ...lanes.map((one) => one.invoke));
  const scale = (time: number) => Math.round(((time - start) / (end - start || 1)) * (WIDTH - 1));
  const impossibleId = evidence.impossible ?? lanes.at(-1)?.id;
  const idWidth = Math.max(...lanes.map((one) => inert(one.id).length));
  const rows = lanes.map((call) => {
    const impossible = call.id === impossibleId;
    const bar = barOf(scale(call.invoke), scale(call.return ?? end), impossible, call.return === undefined);
    const says = impossible ? color.red(`${labelOf(call, own)}   ${why}`) : labelOf(call, own);
    return `${inert(call.id).padEnd(idWidth)} ${bar.padEnd(WIDTH + 1)} ${says}`;
  });
  const more = core.length > lanes.length ? [color.dim(`… and ${core.length - lanes.length} like them`)] : [];
  return [...rows, ...more, color.dim(`${" ".repeat(idWidth)} ${axis(start, end)}`)];
}

/** The first lanes, and always the call that cannot be placed. */
function choose(core: readonly RecordedCall[], impossible: string | undefined): RecordedCall[] {
  if (core.length <= MOST_LANES) return [...core];
  const first = core.slice(0, MOST_LANES - 1);
  const stuck = core.find((one) => one.id === impossible) ?? (core.at(-1) as RecordedCall);
  return first.includes(stuck) ? first : [...first, stuck];
}

function barOf(from: number, to: number, impossible: boolean, open: boolean): string {
  const length = Math.max(to - from + 1, 3);
  const middle = Math.floor((length - 2) / 2);
  const inner = Array.from({ length: length - 2 }, (_, index) =>
    index === middle ? (impossible ? "✗" : "●") : "─",
  );
  const begin = Math.max(0, Math.min(from, WIDTH - length));
  return `${" ".repeat(begin)}├${inner.join("")}${open ? "→" : "┤"}`;
}

function labelOf(call: RecordedCall, own: string): string {
  const answer = call.status === undefined ? "no answer" : String(call.status);
  const output = call.output === undefined ? "" : ` → ${inert(String(call.output))}`;
  const name = call.operation === own ? "" : `${inert(call.operation)}: `;
  return `${name}${inert(call.does)} ${answer}${output}`;
}

function axis(start: number, end: number): string {
  const left = start.toFixed(start < 0 ? 1 : 0);
  const right = `${end.toFixed(1)} ms`;
  return `${left}${" ".repeat(Math.max(1, WIDTH - left.length - right.length))}${right}`;
}
