import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RuntimeEvidence } from "../types.ts";
import { CallPanel } from "./call-panel.tsx";
import { Drawing } from "./drawing.tsx";
import { type Axis, layOut } from "./layout.ts";
import { type Aim, reveal } from "./reveal.ts";
import { stepsOf } from "./steps.ts";
import { CallTable } from "./table.tsx";

/** So many lanes are shown without asking. */
const MOST_LANES = 24;

/**
 * The space-time diagram. Left and right step through the longest legal order, up and down choose a call, with the keys
 * as with the buttons; what it shows is told in words below it, and stands in a table for those who cannot see it.
 */
export function Diagram({
  evidence,
  name,
  target,
}: {
  readonly evidence: RuntimeEvidence;
  readonly name: string;
  readonly target: string;
}) {
  const { history } = evidence;
  const steps = useMemo(() => stepsOf(evidence), [evidence]);
  const [axis, setAxis] = useState<Axis>("time");
  const [all, setAll] = useState(new Set(history.map((one) => one.process)).size <= MOST_LANES);
  const [step, setStep] = useState(Math.max(0, steps.length - 1));
  const [chosen, setChosen] = useState<string>();
  const layout = useMemo(() => layOut(evidence, axis, all), [evidence, axis, all]);
  const current = steps[step];
  const call = history.find((one) => one.id === (chosen ?? current?.id));

  const box = useRef<HTMLDivElement>(null);
  // An object anew for each move, so that moving to where one is already brings it back into view.
  const [aim, setAim] = useState<{ readonly at: Aim }>({ at: "step" });
  useEffect(() => {
    if (box.current) reveal(box.current, aim.at);
  }, [aim, axis]);

  const go = (to: number) => {
    setAim({ at: "step" });
    setStep(Math.min(Math.max(to, 0), Math.max(0, steps.length - 1)));
    setChosen(undefined);
  };
  const choose = (by: number) => {
    const order = [...layout.bars]
      .sort((a, b) => a.lane - b.lane || a.from - b.from)
      .map((one) => one.call.id);
    const at = order.indexOf(call?.id ?? "");
    const next = order[Math.min(Math.max(at + by, 0), order.length - 1)];
    if (next === undefined) return;
    setAim({ at: "call" });
    setChosen(next);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => go(step + 1),
    ArrowLeft: () => go(step - 1),
    Home: () => go(0),
    End: () => go(steps.length - 1),
    ArrowDown: () => choose(1),
    ArrowUp: () => choose(-1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <figure class="diagram">
      <div class="tools">
        <button type="button" onClick={() => go(step - 1)} disabled={step === 0}>
          ◀ Step back
        </button>
        <button type="button" onClick={() => go(step + 1)} disabled={step >= steps.length - 1}>
          Step ▶
        </button>
        <label>
          Axis{" "}
          <select value={axis} onChange={(event) => setAxis(event.currentTarget.value as Axis)}>
            <option value="time">proportional (ms)</option>
            <option value="order">ordinal (one event a step)</option>
          </select>
        </label>
        {history.length > evidence.witness.length && (
          <label>
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />{" "}
            all {history.length} calls
          </label>
        )}
      </div>
      {/* The keys belong to the whole picture; single bars would be as many stops as there are calls. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        class="drawing"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keys step through it
        tabIndex={0}
        role="group"
        aria-label={`Space-time diagram of ${name}: arrow keys left and right step through the order, up and down choose a call`}
        onKeyDown={onKeyDown}
      >
        <Drawing layout={layout} step={step} steps={steps} chosen={call?.id} onChoose={setChosen} />
      </div>
      <figcaption>
        <p aria-live="polite" class={current?.wrong ? "step wrong" : "step"}>
          {current ? (
            <>
              {current.words}{" "}
              <span class="state">The model’s state: {current.state === "" ? "empty" : current.state}</span>
            </>
          ) : (
            "The proof needs no order: what has to be true is not."
          )}
        </p>
        {call && <CallPanel call={call} target={target} />}
        <CallTable evidence={evidence} />
      </figcaption>
    </figure>
  );
}
