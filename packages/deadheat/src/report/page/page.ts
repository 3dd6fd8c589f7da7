import { createHash } from "node:crypto";
import type { Evidence } from "../../findings/evidence.ts";
import { inertValue } from "../../inert.ts";
import type { PageData } from "./data.ts";
import { evidenceBlock } from "./evidence-block.ts";

/** The viewer, as it is built: one script and one style sheet. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/**
 * A page that needs nothing but itself: it opens from disk, loads nothing and sends nothing. Only this script and this
 * style sheet may run, by their hashes; what an API said stands in blocks of JSON and is shown as text.
 * @param evidence of each finding, as the data list them
 */
export function htmlPage(
  data: PageData,
  evidence: readonly (readonly Evidence[])[],
  { script, style }: Bundle,
): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    // What is in it varies too little to be worth an escape of its own.
    "<title>deadheat report</title>",
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    '<div id="app"><noscript>This report is drawn by a script of its own. Without it, see report.json beside it.</noscript></div>',
    block("report", data),
    ...evidence.map((one, index) => block(`finding-${index}`, evidenceBlock(one))),
    `<script>${script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** Without `<` nothing in it can end the element or begin a comment. */
function block(id: string, value: unknown): string {
  const json = JSON.stringify(inertValue(value)).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="${id}">${json}</script>`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
