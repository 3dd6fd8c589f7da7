import type { Evidence } from "../types.ts";
import { Exchanges } from "./exchanges.tsx";
import { HistoryExhibit } from "./history.tsx";
import { Interleaving } from "./interleaving.tsx";
import { Measured } from "./measured.tsx";
import { Source } from "./source.tsx";

/** One kind of evidence, one way of showing it. */
export function Exhibit({
  evidence,
  all,
  name,
  target,
}: {
  readonly evidence: Evidence;
  /** Of the same finding. */
  readonly all: readonly Evidence[];
  /** Of the finding's operation. */
  readonly name: string;
  readonly target: string;
}) {
  switch (evidence.kind) {
    case "spec": {
      const { file, line } = evidence.location;
      return (
        <div class="exhibit">
          <h4>The document says</h4>
          <p>
            {evidence.reasons.join("; ")} <code class="quiet">{`${file}:${line}`}</code>
          </p>
        </div>
      );
    }
    case "source":
      return <Source evidence={evidence} />;
    case "interleaving":
      // A deadlock has no state to explain: it is an order that ended one of the two.
      return (
        <Interleaving
          evidence={evidence}
          unexplained={all.some((one) => one.kind === "runtime" && one.form === "history")}
        />
      );
    default:
      switch (evidence.form) {
        case "history":
          return <HistoryExhibit evidence={evidence} name={name} target={target} />;
        case "exchange":
          return <Exchanges evidence={evidence} />;
        case "measured":
          return <Measured evidence={evidence} />;
      }
  }
}

/** What was made sure of before the word proven was used. */
export function Checked({ controls }: { readonly controls: readonly string[] }) {
  if (controls.length === 0) return null;
  return (
    <details class="checked">
      <summary>Checked before it was called a proof</summary>
      <ul>
        {controls.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </details>
  );
}
