export { type DocumentOptions, type SourceDocument, sourceDocument } from "./document.ts";
export { mergeDocuments } from "./merge.ts";
