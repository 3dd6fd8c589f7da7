import type { RecordedCall } from "../types.ts";
import { type Bar, type Layout, type Point, WIDTH } from "./layout.ts";
import { outputText } from "./output-text.ts";
import type { Step } from "./steps.ts";

const LANE = 40;
const LEFT = 92;
const TOP = 22;
const RIGHT = 16;
/** Labels are left out where there is no room for them. */
const LETTER = 6.7;
/** Half of a bar's height. */
const HALF = 7;

/** The picture alone: all that it says is said in words beside it, so it is hidden from screen readers. */
export function Drawing({
  layout,
  step,
  steps,
  chosen,
  onChoose,
}: {
  readonly layout: Layout;
  /** Which of the steps is shown: those before it are drawn as made. */
  readonly step: number;
  readonly steps: readonly Step[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}) {
  const { lanes, bars, points, stuck, release, ticks } = layout;
  const height = TOP + lanes.length * LANE + 24;
  const y = (lane: number) => TOP + lane * LANE + 26;
  // The state before is step 0, the first placed call step 1.
  const made = points.slice(0, Math.min(step, points.length));
  const wrong = steps[step]?.wrong === true || steps.length === 0;
  const line = made.map((one) => `${one.x},${y(one.lane)}`).join(" ");
  return (
    <svg
      viewBox={`0 0 ${LEFT + WIDTH + RIGHT} ${height}`}
      aria-hidden="true"
      focusable="false"
      class="space-time"
    >
      {lanes.map((lane, at) => (
        <g key={lane}>
          <line class="lane" x1={LEFT} x2={LEFT + WIDTH} y1={y(at)} y2={y(at)} />
          <text class="lane-name" x={LEFT - 10} y={y(at) + 4} text-anchor="end">
            {short(lane, 12)}
          </text>
        </g>
      ))}
      <g transform={`translate(${LEFT} 0)`}>
        <line class="release" x1={release} x2={release} y1={TOP - 8} y2={height - 22} />
        <text
          class="release-name"
          x={release}
          y={TOP - 11}
          text-anchor={release > WIDTH / 2 ? "end" : "start"}
        >
          release
        </text>
        {ticks.map(({ x, text }) => (
          <g key={text}>
            <line class="tick" x1={x} x2={x} y1={height - 22} y2={height - 17} />
            <text class="tick-name" x={x} y={height - 6} text-anchor="middle">
              {text}
            </text>
          </g>
        ))}
        {bars.map((bar) => (
          <BarShape
            key={bar.call.id}
            bar={bar}
            y={y(bar.lane)}
            chosen={bar.call.id === chosen}
            onChoose={onChoose}
          />
        ))}
        {made.length > 1 && <polyline class="order" points={line} />}
        {wrong && stuck && <Stuck from={made.at(-1)} to={stuck} y={y} />}
        {points.map((one, at) => (
          <PointShape key={one.id} point={one} y={y(one.lane)} made={at < made.length} number={at + 1} />
        ))}
      </g>
    </svg>
  );
}

function BarShape({
  bar,
  y,
  chosen,
  onChoose,
}: {
  readonly bar: Bar;
  readonly y: number;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
}) {
  const { call, from, to, open, core, impossible } = bar;
  const classes = ["bar", core ? "core" : "faded", impossible ? "impossible" : "", chosen ? "chosen" : ""];
  const label = labelOf(call);
  const room = Math.floor(bar.label.room / LETTER) - 1;
  const choose = () => onChoose(call.id);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the whole picture choose as well
    <g class={classes.join(" ")} onMouseEnter={choose} onClick={choose}>
      <title>{`${call.operation}: ${call.does}`}</title>
      {open ? (
        <path d={`M${from} ${y - HALF}H${to - HALF}L${to} ${y}L${to - HALF} ${y + HALF}H${from}Z`} />
      ) : (
        <rect x={from} y={y - HALF} width={Math.max(2, to - from)} height={2 * HALF} rx={3} />
      )}
      {room > 2 && (
        <text x={bar.label.x} y={y - HALF - 5} text-anchor={bar.label.anchor}>
          {short(label, room)}
        </text>
      )}
    </g>
  );
}

function PointShape({
  point,
  y,
  made,
  number,
}: {
  readonly point: Point;
  readonly y: number;
  readonly made: boolean;
  readonly number: number;
}) {
  return (
    <g class={made ? "point made" : "point"}>
      <circle cx={point.x} cy={y} r={8} />
      <text x={point.x} y={y + 3.5} text-anchor="middle">
        {number}
      </text>
    </g>
  );
}

/** The step that cannot be made: from the last one that could. */
function Stuck({
  from,
  to,
  y,
}: {
  readonly from: Point | undefined;
  readonly to: Point;
  readonly y: (lane: number) => number;
}) {
  const at = y(to.lane);
  return (
    <g class="stuck">
      {from && <line x1={from.x} y1={y(from.lane)} x2={to.x} y2={at} />}
      <circle cx={to.x} cy={at} r={9} />
      <path d={`M${to.x - 4} ${at - 4}l8 8m0 -8l-8 8`} />
    </g>
  );
}

/** `r1 add 6 · 200`, `read /score · 200 → 6`. */
export function labelOf({ id, does, status, output }: RecordedCall): string {
  const words = /^read\d*$/.test(id) ? does.replace(/^read /, "") : does;
  const answer = status === undefined ? "" : ` · ${status}`;
  return `${id} ${words}${answer}${output === undefined ? "" : ` → ${outputText(output)}`}`;
}

function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}
