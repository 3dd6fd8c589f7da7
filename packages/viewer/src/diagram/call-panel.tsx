import { Copy } from "../copy.tsx";
import { curlOf } from "../curl.ts";
import type { RecordedCall } from "../types.ts";
import { outputText } from "./output-text.ts";

/** The request and the answer of one call, redacted as the report has them. */
export function CallPanel({ call, target }: { readonly call: RecordedCall; readonly target: string }) {
  const { id, operation, does, request } = call;
  return (
    <div class="call">
      <h5>
        {id}: {operation === "" ? does : `${operation}: ${does}`}
      </h5>
      <div class="both">
        <div>
          <h6>request</h6>
          <pre>
            <code>
              {request ? requestText(request) : "No single request: see what it does, and what that gave."}
            </code>
          </pre>
        </div>
        <div>
          <h6>answer</h6>
          <pre>
            <code>{answerText(call)}</code>
          </pre>
        </div>
      </div>
      {request && <Copy text={curlOf(target, request)} what="as curl" />}
    </div>
  );
}

function answerText({ request, answer, status, output }: RecordedCall): string {
  return [
    ...(status === undefined ? (request ? ["none"] : []) : [String(status)]),
    ...(answer?.body === undefined ? [] : [answer.body]),
    ...(output === undefined ? [] : [`taken as: ${outputText(output)}`]),
  ].join("\n\n");
}

function requestText({ method, path, headers, body }: NonNullable<RecordedCall["request"]>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path}`, ...lines, ...(body === undefined ? [] : ["", body])].join("\n");
}
