import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { DeadheatError } from "../errors.ts";
import { PACKAGE_FOLDER } from "../package-folder.ts";
import { markdownText } from "../report/console/markdown.ts";
import { standardOutput } from "./output.ts";

const KINDS = ["weaknesses", "rules"] as const;
const WIDEST = 100;

/** Prints the page of a weakness or a rule, or the names of all. */
export async function explainCommand(name: string | undefined): Promise<number> {
  const output = standardOutput(process.stdout);
  const pages = await allPages();
  if (name === undefined) {
    for (const kind of KINDS) {
      output.write(`${kind}\n`);
      for (const page of pages.filter((one) => one.kind === kind))
        output.write(`  ${page.name.padEnd(34)} ${leadOf(await readFile(page.url, "utf8"))}\n`);
    }
    return 0;
  }
  const found = pages.find((one) => one.name === name);
  if (!found) throw await unknown(name, pages);
  const width = Math.min(process.stdout.columns ?? WIDEST, WIDEST);
  const text = await readFile(found.url, "utf8");
  output.write(`${markdownText(text, { width, color: output.color })}\n`);
  return 0;
}

interface NamedPage {
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  readonly url: URL;
}

/** A package brings them along; a checkout has them where they are written. Nobody else's docs folder is read. */
async function allPages(): Promise<readonly NamedPage[]> {
  const inCheckout = existsSync(new URL("src/cli/main.ts", PACKAGE_FOLDER));
  const folder = new URL(inCheckout ? "../../docs/" : "pages/", PACKAGE_FOLDER);
  const lists = await Promise.all(
    KINDS.map(async (kind) => {
      const files = await readdir(new URL(`${kind}/`, folder));
      return files
        .filter((file) => file.endsWith(".md"))
        .sort()
        .map((file) => ({ kind, name: file.slice(0, -3), url: new URL(`${kind}/${file}`, folder) }));
    }),
  );
  return lists.flat();
}

/** The first paragraph in one line. */
function leadOf(text: string): string {
  const [, lead = ""] = text.split(/\n\n+/);
  const line = lead.replace(/\s+/g, " ").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

async function unknown(name: string, pages: readonly NamedPage[]): Promise<DeadheatError> {
  const { closest, distance } = await import("fastest-levenshtein");
  const names = pages.map((one) => one.name);
  const near = closest(name, names);
  const hint =
    distance(name, near) <= 4 ? `Did you mean ${near}?` : "deadheat explain lists all that there are.";
  return new DeadheatError("usage", `${name}: no such weakness or rule`, hint);
}
