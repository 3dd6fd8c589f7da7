import { Diagram } from "../diagram/diagram.tsx";
import type { RuntimeEvidence } from "../types.ts";
import { Checked } from "./exhibit.tsx";

/** A history that no sequential order explains. */
export function HistoryExhibit({
  evidence,
  name,
  target,
}: {
  readonly evidence: RuntimeEvidence;
  readonly name: string;
  readonly target: string;
}) {
  const { summary, rate, transport, trial, model, controls, explanation, window } = evidence;
  return (
    <div class="exhibit">
      <h4>What happened</h4>
      <p>{summary}</p>
      <p class="quiet">
        Trial {trial + 1} over {transport}, judged as {model}
        {rate && `; seen again in ${rate.races} of ${rate.trials} further trials`}
        {window &&
          `; the end of its authority has to fall ${window.fromMs.toFixed(1)} to ${window.toMs.toFixed(1)} ms into the call`}
      </p>
      <Diagram evidence={evidence} name={name} target={target} />
      {explanation !== "" && (
        <details class="checked">
          <summary>Why no order explains it, in full</summary>
          <p class="lines">{explanation}</p>
        </details>
      )}
      <Checked controls={controls} />
    </div>
  );
}
