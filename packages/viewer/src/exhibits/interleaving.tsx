import { Scroll } from "../scroll.tsx";
import type { InterleavingEvidence } from "../types.ts";

type Step = InterleavingEvidence["steps"][number];

/** What two requests said to the database, in order: a lane for each. */
export function Interleaving({
  evidence,
  unexplained,
}: {
  readonly evidence: InterleavingEvidence;
  /** It led to a state that no order of the two gives. */
  readonly unexplained: boolean;
}) {
  const { summary, names, steps, schedules, found } = evidence;
  return (
    <div class="exhibit">
      <h4>The order of SQL statements</h4>
      <p>{summary}</p>
      <Scroll label="SQL statements in lanes">
        <table class="lanes">
          <caption>
            Schedule {found} of {schedules.planned} planned: {schedules.realised} realised,{" "}
            {schedules.unrealised} not, {schedules.skipped} skipped
          </caption>
          <thead>
            <tr>
              <th scope="col">ms</th>
              {names.map((one, at) => (
                <th key={at} scope="col">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step, at) => (
              <tr key={at} class={step.does}>
                <td>{step.at.toFixed(1)}</td>
                <td class={step.lane === "first" && step.inTransaction ? "transaction" : ""}>
                  {step.lane === "first" && <Words step={step} />}
                </td>
                <td class={step.lane === "second" && step.inTransaction ? "transaction" : ""}>
                  {step.lane === "second" && <Words step={step} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {unexplained && <p class="wrong">No order of the two, one after the other, gives this state.</p>}
    </div>
  );
}

function Words({ step }: { readonly step: Step }) {
  const { does, text, tag, error, lock } = step;
  switch (does) {
    case "held":
      return (
        <>
          held before <code>{text}</code>
        </>
      );
    case "waits":
      return <>waits for {lock}</>;
    case "released":
      return <>released</>;
    case "finished":
      return <>answered</>;
    default:
      return (
        <>
          <code>{text}</code>
          {tag && <span class="quiet"> → {tag}</span>}
          {error && <strong> {error}</strong>}
        </>
      );
  }
}
