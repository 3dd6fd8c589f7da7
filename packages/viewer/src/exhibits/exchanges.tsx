import { Scroll } from "../scroll.tsx";
import type { ExchangeEvidence } from "../types.ts";
import { Checked } from "./exhibit.tsx";

/** Requests and answers that contradict a declared control. */
export function Exchanges({ evidence }: { readonly evidence: ExchangeEvidence }) {
  const { summary, exchanges, token, controls } = evidence;
  return (
    <div class="exhibit">
      <h4>Requests and answers</h4>
      <p>{summary}</p>
      <Scroll label="Requests and answers">
        <table>
          <thead>
            <tr>
              <th scope="col">called</th>
              <th scope="col">request</th>
              <th scope="col">credential</th>
              <th scope="col">answer</th>
            </tr>
          </thead>
          <tbody>
            {exchanges.map(({ does, method, path, credential, status, shows }, at) => (
              <tr key={at}>
                <td>{does}</td>
                <td>
                  <code>{`${method} ${path}`}</code>
                </td>
                <td>
                  <code>{credential}</code>
                </td>
                <td>
                  <strong>{status ?? "no answer"}</strong> {shows}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {token && (
        <p>
          Token <code>{token.fingerprint}</code>, header <code>{JSON.stringify(token.header)}</code>, claims{" "}
          {token.claims.join(", ")}.
        </p>
      )}
      <Checked controls={controls} />
    </div>
  );
}
