import type { Evidence, PageData } from "./types.ts";

/** The data stand in the page as blocks of JSON, which no policy has to allow and no markup can end. */
export function readPage(document: Document): PageData {
  return blockOf(document, "report") as PageData;
}

/** Read only when a finding is opened: a thousand histories would keep the page waiting. */
export function readEvidence(document: Document, index: number): readonly Evidence[] {
  return blockOf(document, `finding-${index}`) as readonly Evidence[];
}

function blockOf(document: Document, id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}
