import type { Format } from "../format.ts";

export const FORMAT_NAMES = ["console", "json", "ndjson", "sarif", "junit", "markdown", "html"] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** What each is for. It is loaded when it is asked for. */
const LOAD: Readonly<Record<FormatName, () => Promise<Format>>> = {
  console: async () => (await import("./console.ts")).console,
  json: async () => (await import("./json.ts")).json,
  ndjson: async () => (await import("./ndjson.ts")).ndjson,
  sarif: async () => (await import("./sarif.ts")).sarif,
  junit: async () => (await import("./junit.ts")).junit,
  markdown: async () => (await import("./markdown.ts")).markdown,
  html: async () => (await import("./html.ts")).html,
};

export function isFormat(name: string): name is FormatName {
  return (FORMAT_NAMES as readonly string[]).includes(name);
}

export function loadFormat(name: FormatName): Promise<Format> {
  return LOAD[name]();
}
