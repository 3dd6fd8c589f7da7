import type { RecordedCall, RuntimeEvidence } from "../types.ts";

/** Times as they were, or each event one step after the one before: small gaps show. */
export type Axis = "time" | "order";

export interface Bar {
  readonly call: RecordedCall;
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  /** No answer came: it may take effect at any later time. */
  readonly open: boolean;
  readonly core: boolean;
  readonly impossible: boolean;
  /** Where its label begins or ends, and how wide it may be before it meets another one. */
  readonly label: { readonly x: number; readonly anchor: "start" | "end"; readonly room: number };
}

/** One place at which a call may have taken effect, in the longest legal order. */
export interface Point {
  readonly id: string;
  readonly x: number;
  readonly lane: number;
}

export interface Layout {
  readonly lanes: readonly string[];
  readonly bars: readonly Bar[];
  readonly points: readonly Point[];
  /** Where the call is marked that cannot come next. */
  readonly stuck?: Point;
  /** When the burst was released. */
  readonly release: number;
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  /** Calls that are left out: not of the witness. */
  readonly hidden: number;
}

/** From 0 to this. */
export const WIDTH = 600;
const MOST_TICKS = 6;

/** Where everything is on a drawing that is `WIDTH` wide and a lane high for each process. */
export function layOut(evidence: RuntimeEvidence, axis: Axis, all: boolean): Layout {
  const core = new Set(evidence.witness);
  const shown = evidence.history.filter((one) => all || core.has(one.id));
  const lanes = [...new Set(inOrder(shown, core).map((one) => one.process))];
  const times = shown.flatMap((one) => [one.invoke, ...(one.return === undefined ? [] : [one.return])]);
  const scale = axis === "time" ? proportional([...times, 0]) : ordinal([...times, 0]);
  const stuck = evidence.impossible ?? evidence.witness.at(-1);
  const drawn = shown.map((call) => {
    const open = call.return === undefined;
    const from = scale(call.invoke);
    return {
      call,
      lane: lanes.indexOf(call.process),
      from,
      to: open ? WIDTH : Math.max(scale(call.return), from + 2),
      open,
      core: core.has(call.id),
      impossible: call.id === stuck,
    };
  });
  const bars = drawn.map((bar): Bar => ({ ...bar, label: labelOf(bar, drawn) }));
  const byId = new Map(bars.map((one) => [one.call.id, one]));
  const points = pointsOf(evidence, byId);
  const last = stuck === undefined ? undefined : byId.get(stuck);
  return {
    lanes,
    bars,
    points,
    ...(last ? { stuck: { id: last.call.id, x: (last.from + last.to) / 2, lane: last.lane } } : {}),
    release: scale(0),
    ticks: axis === "time" ? ticksOf(times, scale) : [],
    hidden: evidence.history.length - shown.length,
  };
}

/**
 * Above its bar, from where that begins up to the next label. The last one of a lane may end where its bar ends instead,
 * where the drawing is over too soon for it: then it meets the one before it half way.
 */
function labelOf(bar: Drawn, all: readonly Drawn[]): Bar["label"] {
  const lane = all.filter((one) => one.lane === bar.lane).sort((a, b) => a.from - b.from);
  const at = lane.indexOf(bar);
  const before = lane[at - 1];
  const next = lane[at + 1];
  if (next)
    return {
      x: bar.from,
      anchor: "start",
      room: (isTurned(next, lane) ? meeting(bar, next) : next.from) - bar.from,
    };
  if (!isTurned(bar, lane)) return { x: bar.from, anchor: "start", room: WIDTH - bar.from };
  return { x: bar.to, anchor: "end", room: Math.min(bar.to, WIDTH) - (before ? meeting(before, bar) : 0) };
}

type Drawn = Pick<Bar, "lane" | "from" | "to">;

function isTurned(bar: Drawn, lane: readonly Drawn[]): boolean {
  return bar === lane.at(-1) && bar.from > WIDTH / 2;
}

function meeting(before: Drawn, last: Drawn): number {
  return Math.min(last.from, (before.from + last.to) / 2);
}

/** Those of the witness first: of two hundred lanes they are the ones to look at. */
function inOrder(calls: readonly RecordedCall[], core: ReadonlySet<string>): readonly RecordedCall[] {
  return [...calls.filter((one) => core.has(one.id)), ...calls.filter((one) => !core.has(one.id))];
}

/**
 * In the middle of what the order leaves each call: no earlier than it was invoked and the one before it took effect,
 * no later than it returned and the one after it must. Both bounds rise along a legal order, so their middle does.
 */
function pointsOf(evidence: RuntimeEvidence, bars: ReadonlyMap<string, Bar>): readonly Point[] {
  const placed = (evidence.order?.steps ?? []).flatMap(({ id }) => bars.get(id) ?? []);
  const earliest: number[] = [];
  for (const bar of placed) earliest.push(Math.max(bar.from, earliest.at(-1) ?? 0));
  const latest: number[] = [];
  for (const bar of placed.toReversed()) latest.unshift(Math.min(bar.to, latest[0] ?? WIDTH));
  return placed.map((bar, at) => ({
    id: bar.call.id,
    x: ((earliest[at] ?? 0) + (latest[at] ?? 0)) / 2,
    lane: bar.lane,
  }));
}

function proportional(times: readonly number[]): (time: number) => number {
  const least = Math.min(...times);
  const span = Math.max(...times) - least || 1;
  return (time) => ((time - least) / span) * WIDTH;
}

function ordinal(times: readonly number[]): (time: number) => number {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const step = WIDTH / Math.max(1, sorted.length - 1);
  const places = new Map(sorted.map((time, at) => [time, at * step]));
  return (time) => places.get(time) ?? 0;
}

/** Round times, few enough to be read. */
function ticksOf(times: readonly number[], scale: (time: number) => number): Layout["ticks"] {
  const least = Math.min(0, ...times);
  const most = Math.max(0, ...times);
  const rough = (most - least) / MOST_TICKS || 1;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * unit).find((one) => one >= rough) ?? unit;
  const ticks: { x: number; text: string }[] = [];
  for (let at = Math.ceil(least / step); at * step <= most; at++)
    ticks.push({ x: scale(at * step), text: `${Number((at * step).toPrecision(6))}` });
  return ticks;
}
