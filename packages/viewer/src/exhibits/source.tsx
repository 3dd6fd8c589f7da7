import { Scroll } from "../scroll.tsx";
import type { SourceEvidence } from "../types.ts";

/** A path through the code: authentication → read → test → write. */
export function Source({ evidence }: { readonly evidence: SourceEvidence }) {
  const { summary, path, interleaving, fix, rule } = evidence;
  return (
    <div class="exhibit">
      <h4>The source says</h4>
      <p>
        {summary} <code class="quiet">{rule}</code>
      </p>
      <Scroll label="Path through the code">
        <table>
          <thead>
            <tr>
              <th scope="col">step</th>
              <th scope="col">place</th>
              <th scope="col">line</th>
            </tr>
          </thead>
          <tbody>
            {path.map(({ file, line, role, text, note }) => (
              <tr key={`${file} ${line} ${role}`}>
                <td>{role}</td>
                <td>
                  <code>{`${file}:${line}`}</code>
                </td>
                <td>
                  <code>{text}</code>
                  {note && <span class="quiet"> ({note})</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {interleaving.length > 0 && (
        <ol>
          {interleaving.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ol>
      )}
      <p>
        <strong>Fix:</strong> {fix}
      </p>
    </div>
  );
}
