import { readFileSync } from "node:fs";
import { decodeSource } from "../parse/text.ts";
import { findSources } from "../project/files.ts";

export interface ReadProject {
  readonly texts: ReadonlyMap<string, string>;
  /** Files that begin with a byte order mark. */
  readonly marked: ReadonlySet<string>;
  /** Files that are not UTF-8: written back, they would not be what they were. */
  readonly unreadable: ReadonlySet<string>;
}

export async function readProject(path: string): Promise<ReadProject> {
  const texts = new Map<string, string>();
  const marked = new Set<string>();
  const unreadable = new Set<string>();
  for (const file of await findSources(path)) {
    const bytes = readFileSync(file.absolute);
    const { text, note } = decodeSource(bytes);
    texts.set(file.path, text);
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) marked.add(file.path);
    if (note) unreadable.add(file.path);
  }
  return { texts, marked, unreadable };
}
