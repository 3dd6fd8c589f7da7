import type pc from "picocolors";
import type { InterleavingEvidence } from "../../findings/evidence.ts";
import { inert } from "../../inert.ts";

type Step = InterleavingEvidence["steps"][number];
type Colors = ReturnType<typeof pc.createColors>;

const LANE = 52;
const TIME = 7;

/** What two requests said to the database, in order: the first on the left, the second on the right. */
export function lanes(
  names: readonly [string, string],
  steps: readonly Step[],
  color: Colors,
  wrong = false,
): string[] {
  const [first, second] = names.map((one) => cut(inert(one)));
  return [
    `${" ".repeat(TIME)} ${color.bold((first ?? "").padEnd(LANE))} ${color.bold(second ?? "")}`,
    ...steps.map((step) => line(step, color)),
    ...(wrong
      ? [`${" ".repeat(TIME)} ${color.red("no order of the two, one after the other, gives this state")}`]
      : []),
  ];
}

function line(step: Step, color: Colors): string {
  const text = cut(inert(words(step)));
  const shown = step.does === "held" || step.does === "waits" ? color.yellow(text) : text;
  const indent = step.lane === "first" ? "" : " ".repeat(LANE + 1);
  return `${step.at.toFixed(1).padStart(TIME)} ${indent}${shown}`;
}

function words({ does, text = "", tag, error, lock, inTransaction }: Step): string {
  switch (does) {
    case "held":
      return `‖ held before ${text}`;
    case "waits":
      return `… waits for ${lock}`;
    case "released":
      return "▶ released";
    case "finished":
      return "■ answered";
    default:
      return `${inTransaction ? "│ " : "· "}${error === undefined ? "" : `${error}! `}${text}${tag === undefined ? "" : ` → ${tag}`}`;
  }
}

/** Its end says more than its middle: `… → UPDATE 1`. */
function cut(text: string): string {
  if (text.length <= LANE) return text;
  const end = /( → \w+[\w ]*)$/.exec(text)?.[1] ?? "";
  return `${text.slice(0, LANE - 1 - end.length)}…${end}`;
}
