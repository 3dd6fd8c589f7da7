import { inert } from "../../inert.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Not a character of XML 1.0 (§2.2), in whatever escape: halves of surrogate pairs and the two non-characters. */
const FORBIDDEN = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g;

/** Text of an API or a document, for XML: in content, or between quotes. Line breaks stay where it may be long. */
export function xmlText(text: string, longest?: number): string {
  const lines = longest === undefined ? [text] : text.slice(0, longest).split("\n");
  return lines
    .map((line) =>
      inert(line)
        .replace(FORBIDDEN, "�")
        .replace(/[&<>"']/g, (one) => ENTITIES[one] as string),
    )
    .join("\n");
}
