import { Scroll } from "../scroll.tsx";
import type { MeasuredEvidence } from "../types.ts";
import { Checked } from "./exhibit.tsx";

/** A delay that follows how long something was held, against somebody else's at the same time. */
export function Measured({ evidence }: { readonly evidence: MeasuredEvidence }) {
  const { summary, measurements, controls } = evidence;
  return (
    <div class="exhibit">
      <h4>Measured</h4>
      <p>{summary}</p>
      <Scroll label="Measurements">
        <table>
          <thead>
            <tr>
              <th scope="col">held</th>
              <th scope="col">waited</th>
              <th scope="col">another user waited</th>
            </tr>
          </thead>
          <tbody>
            {measurements.map(({ heldMs, waitedMs, otherWaitedMs }, at) => (
              <tr key={at}>
                <td>{ms(heldMs)}</td>
                <td>{ms(waitedMs)}</td>
                <td>{ms(otherWaitedMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Checked controls={controls} />
    </div>
  );
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
