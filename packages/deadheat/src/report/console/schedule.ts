import type pc from "picocolors";
import type { ScanEvent } from "../../engine/events.ts";
import { inert } from "../../inert.ts";
import { lanes } from "./lanes.ts";

type Schedule = Extract<ScanEvent, { type: "schedule" }>;

/** One schedule that was played, with its statements as two lanes. */
export function scheduleText(
  { weakness, played }: Schedule,
  color: ReturnType<typeof pc.createColors>,
): string {
  const { names, realisation, verdict } = played;
  const { preemption, realised, other, reason } = realisation;
  const held = preemption.held === "first" ? names[0] : names[1];
  const became = realised
    ? `the other ${other === "blocked" ? "came to wait for it" : "ran to its end"} · ${verdict === "race" ? color.red("race") : verdict}`
    : color.yellow(`not realised: ${inert(reason ?? "")}`);
  const head = `\n${weakness} · ${inert(held)} held before its statement ${preemption.before} · ${became}`;
  return [head, ...lanes(names, realisation.steps, color, verdict === "race")].join("\n");
}
