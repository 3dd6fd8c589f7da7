import { useEffect, useMemo, useState } from "preact/hooks";
import { Copy } from "./copy.tsx";
import { Exhibit } from "./exhibits/exhibit.tsx";
import { readEvidence } from "./read.ts";
import type { FindingData } from "./types.ts";

/** So many are opened for print: of a thousand the paper would have no end. */
const MOST_IN_PRINT = 50;

/** One finding with its exhibits; what it rests on is read when it is opened. */
export function Finding({ finding, target }: { readonly finding: FindingData; readonly target: string }) {
  const { id, index, operation, status, severity, summary, accepted, replay } = finding;
  const [open, setOpen] = useState(index === 0);
  useEffect(() => {
    if (index >= MOST_IN_PRINT) return;
    const show = () => setOpen(true);
    addEventListener("beforeprint", show);
    return () => removeEventListener("beforeprint", show);
  }, [index]);
  const evidence = useMemo(() => (open ? readEvidence(document, index) : []), [open, index]);
  return (
    <details
      class={`finding ${accepted ? "accepted" : status}`}
      id={id}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span class="mark" aria-hidden="true">
          {accepted ? "–" : status === "proven" ? "✗" : "?"}
        </span>
        <span class="name">
          <code>{operation}</code>
          <span class="summary">{summary}</span>
        </span>
        <span class="tags">
          <span class="tag">{accepted ? "accepted" : status}</span>{" "}
          {severity && <span class={`tag ${severity}`}>{severity}</span>}
        </span>
      </summary>
      {open && (
        <div class="body">
          {accepted && (
            <p class="note">
              Accepted until <time>{accepted.expires}</time>: {accepted.reason}
            </p>
          )}
          {evidence.map((one, at) => (
            <Exhibit key={at} evidence={one} all={evidence} name={operation} target={target} />
          ))}
          {replay && (
            <p class="command">
              <code>{replay}</code> <Copy text={replay} what="replay command" />
            </p>
          )}
        </div>
      )}
    </details>
  );
}
