import { Copy } from "../copy.tsx";
import { curlOf } from "../curl.ts";
import type { RecordedCall } from "../types.ts";

/** The request and the answer of one call, redacted as the report has them. */
export function CallPanel({ call, target }: { readonly call: RecordedCall; readonly target: string }) {
  const { id, operation, does, request, answer, status, output } = call;
  return (
    <div class="call">
      <h5>
        {id}: {operation === "" ? does : `${operation}: ${does}`}
      </h5>
      <div class="both">
        <pre>
          <code>{request ? requestText(request) : "The request is not in this report."}</code>
        </pre>
        <pre>
          <code>
            {status === undefined ? "no answer" : String(status)}
            {output === undefined ? "" : `\nread: ${text(output)}`}
            {answer?.body === undefined ? "" : `\n\n${answer.body}`}
          </code>
        </pre>
      </div>
      {request && <Copy text={curlOf(target, request)} what="as curl" />}
    </div>
  );
}

function requestText({ method, path, headers, body }: NonNullable<RecordedCall["request"]>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path}`, ...lines, ...(body === undefined ? [] : ["", body])].join("\n");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
