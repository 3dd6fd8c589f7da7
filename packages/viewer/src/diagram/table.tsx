import { Scroll } from "../scroll.tsx";
import type { RecordedCall, RuntimeEvidence } from "../types.ts";
import { outputText } from "./output-text.ts";

/** The same as the picture, for those who cannot see it. */
export function CallTable({ evidence }: { readonly evidence: RuntimeEvidence }) {
  const { history, witness, order, impossible } = evidence;
  const places = new Map((order?.steps ?? []).map((one, at) => [one.id, { at: at + 1, state: one.state }]));
  const core = new Set(witness);
  return (
    <details class="checked">
      <summary>The same as a table</summary>
      <Scroll label="Calls of the history">
        <table>
          <thead>
            <tr>
              <th scope="col">call</th>
              <th scope="col">lane</th>
              <th scope="col">request</th>
              <th scope="col">from</th>
              <th scope="col">to</th>
              <th scope="col">answer</th>
              <th scope="col">place in the order</th>
              <th scope="col">state after it</th>
            </tr>
          </thead>
          <tbody>
            {history.map((call) => (
              <tr key={call.id} class={core.has(call.id) ? "" : "quiet"}>
                <th scope="row">{call.id}</th>
                <td>{call.process}</td>
                <td>
                  <code>{call.operation}</code> {call.does}
                </td>
                <td>{`${call.invoke.toFixed(1)} ms`}</td>
                <td>{call.return === undefined ? "pending" : `${call.return.toFixed(1)} ms`}</td>
                <td>{answerOf(call)}</td>
                <td>{placeOf(call.id === impossible, core.has(call.id), places.get(call.id)?.at)}</td>
                <td>{places.get(call.id)?.state}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

function answerOf({ status, output }: RecordedCall): string {
  const read = output === undefined ? "" : ` → ${outputText(output)}`;
  return `${status ?? "none"}${read}`;
}

function placeOf(isImpossible: boolean, isCore: boolean, at: number | undefined): string {
  if (isImpossible) return "impossible: no order lets it follow";
  if (at !== undefined) return String(at);
  return isCore ? "left" : "not of the witness";
}
