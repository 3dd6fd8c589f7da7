import { maskWith, redactTexts } from "../findings/redact.ts";
import type { Report } from "../findings/report.ts";
import { sampleReport } from "./sample-report.ts";

/** What an API may answer to whoever shows it. */
export const HOSTILE = [
  '</script><script>alert("1")</script><img src=x onerror=alert(2)>',
  "\u001b[2J\u001b]0;owned\u0007\u009b31m",
  "\u202egnp.exe\u2066\u200b",
  "]]><!--[CDATA[ & \ud800 \uffff",
  "@everyone [click](javascript:alert(3)) | `x` ``` <!-- ",
  "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
  "password=hunter2hunter2hunter2",
  "$(id) `id` %0A::error::x\r\n::stop-commands::x",
].join(" ");

/** The sample with hostile text wherever an API or a document is quoted, as the engine hands a report on. */
export function hostileReport(text = HOSTILE, megabytes = 10): Report {
  const long = `${text} ${"\u0000<b>A".repeat((megabytes * 1_000_000) / 5)}`;
  return redactTexts(
    hostile(sampleReport, (name) => (QUOTED.has(name) ? (name === "reason" ? long : text) : undefined)),
    maskWith("salt"),
  );
}

/** A value with other texts in it, by the key that they stand under; where there is none a text stays. */
export function hostile<T>(given: T, textOf: (key: string) => string | undefined): T {
  const walk = (value: unknown, name: string): unknown => {
    if (typeof value === "string") return textOf(name) ?? value;
    if (Array.isArray(value)) return value.map((one) => walk(one, name));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, key)]));
  };
  return walk(given, "") as T;
}

/** Keys whose texts come from an API or its document. */
const QUOTED = new Set([
  "path",
  "does",
  "summary",
  "explanation",
  "output",
  "reason",
  "reasons",
  "text",
  "state",
  "body",
  "shows",
  "credential",
  "remarks",
  "controls",
  "by",
  "names",
  "words",
  "tested",
  "process",
]);
