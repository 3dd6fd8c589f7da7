import type { Evidence, EvidenceBlock, PageData, RecordedCall } from "./types.ts";

/** The data stand in the page as blocks of JSON, which no policy has to allow and no markup can end. */
export function readPage(document: Document): PageData {
  return blockOf(document, "report") as PageData;
}

/** Read only when a finding is opened: a thousand histories would keep the page waiting. */
export function readEvidence(document: Document, index: number): readonly Evidence[] {
  const { evidence, shared } = blockOf(document, `finding-${index}`) as EvidenceBlock;
  return (evidence as Evidence[]).map((one) =>
    one.kind === "runtime" && one.form === "history"
      ? { ...one, history: one.history.map((call) => unpacked(call, shared)) }
      : one,
  );
}

/** What calls have in common is there once; they name it by its place. */
function unpacked(call: RecordedCall, shared: readonly unknown[]): RecordedCall {
  const named = (["request", "answer", "input"] as const).flatMap((name) => {
    const place = call[name];
    return typeof place === "number" ? [[name, shared[place]]] : [];
  });
  return { ...call, ...Object.fromEntries(named) };
}

function blockOf(document: Document, id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}
