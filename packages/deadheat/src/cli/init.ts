import { statSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Draft } from "../engine/init.ts";
import { DeadheatError } from "../errors.ts";
import { inert } from "../inert.ts";
import { interruptible } from "./interrupt.ts";
import { type NetworkFlags, networkFrom } from "./network.ts";

/** As commander hands them over. */
export interface InitFlags extends NetworkFlags {
  /** Where the configuration goes; default `deadheat.yaml`. */
  readonly output?: string;
  readonly force?: boolean;
  readonly allow?: readonly string[];
  readonly authorized?: string;
  /** Of a project: a document to begin with. */
  readonly document?: string;
}

interface Written {
  readonly file: string;
  readonly text: string;
}

interface Source {
  readonly draft: Draft;
  readonly line: Line;
  /** The document, where it has to be kept beside the configuration. */
  readonly document?: Written;
}

type Line = readonly [label: string, text: string];

const OWN_USERS = "the scan makes its own users; where that fails, say how under principals";
const GIVEN = "remove the # of principals, and set the variable that it names";

/** Writes a commented deadheat.yaml for the API at a URL, or for a document on disk. Returns the exit code. */
export async function initCommand(source: string, flags: InitFlags): Promise<number> {
  const output = flags.output ?? "deadheat.yaml";
  const folder = dirname(resolve(output));
  const force = flags.force === true;
  // Before anything is asked of the API.
  await assertFree({ file: output, text: "" }, force);
  const found = /^https?:\/\//i.test(source)
    ? await fromUrl(source, flags, folder)
    : isFolder(source)
      ? await fromProject(source, flags, folder)
      : await fromFile(source, folder);
  const { draft, document } = found;
  if (document) await assertFree(document, force);
  const files = [...(document ? [document] : []), { file: output, text: draft.yaml }];
  for (const file of files) await write(file, folder);
  print([
    found.line,
    ...files.map(({ file }): Line => ["wrote", file]),
    ...draft.credentials.map(
      ({ scheme, registrations }): Line => [
        "token",
        `${scheme}: ${registrations.length > 0 ? OWN_USERS : GIVEN}`,
      ],
    ),
    ["next", `deadheat scan${flags.output === undefined ? "" : ` --config ${output}`}${again(flags)}`],
  ]);
  return 0;
}

/** What reached the API here reaches it in a scan. */
function again({ ca, cert, key, serverName, insecure, proxy }: NetworkFlags): string {
  const given = { ca, cert, key, "server-name": serverName, insecure, proxy };
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? "" : ` --${name}${value === true ? "" : ` ${value}`}`))
    .join("");
}

async function fromFile(source: string, folder: string): Promise<Source> {
  const { draftFromFile } = await import("../engine/init.ts");
  const draft = await draftFromFile(source, relative(folder, resolve(source)).split(sep).join("/"));
  return { draft, line: ["read", `${source} · ${countsOf(draft)}`] };
}

function isFolder(source: string): boolean {
  return statSync(resolve(source), { throwIfNoEntry: false })?.isDirectory() === true;
}

async function fromProject(source: string, { document }: InitFlags, folder: string): Promise<Source> {
  const { draftFromProject } = await import("../engine/init.ts");
  const name = "openapi.yaml";
  const found = await draftFromProject(resolve(source), name, document);
  const added = found.added === undefined ? "" : ` · ${found.added} that ${document} lacks`;
  return {
    draft: found.draft,
    line: ["read", `${source} · ${countsOf(found.draft)}${added}`],
    document: { file: relative(process.cwd(), join(folder, name)), text: found.document },
  };
}

async function fromUrl(source: string, flags: InitFlags, folder: string): Promise<Source> {
  const { discoverDocument, draftFromText } = await import("../engine/init.ts");
  const interrupt = interruptible();
  try {
    const authorization = {
      allow: flags.allow ?? [],
      ...(flags.authorized === undefined ? {} : { statement: flags.authorized }),
    };
    const network = networkFrom(flags, undefined, process.env);
    if (network?.insecure) print([["WARNING", "--insecure: certificates are not checked"]]);
    const { url, origin, text } = await discoverDocument(source, authorization, interrupt.signal, network);
    const name = text.trimStart().startsWith("{") ? "openapi.json" : "openapi.yaml";
    const draft = draftFromText(url, text, name, origin);
    const file = relative(process.cwd(), join(folder, name));
    return { draft, line: ["found", `${url} · ${countsOf(draft)}`], document: { file, text } };
  } finally {
    interrupt.dispose();
  }
}

function countsOf({ operations, guarded }: Draft): string {
  return `${operations} operations, ${guarded} with a token`;
}

/** A file that says the same already is no loss. */
async function assertFree({ file, text }: Written, force: boolean): Promise<void> {
  if (force) return;
  const there = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" || error.code === "ENOTDIR" ? undefined : "",
  );
  if (there === undefined || (there === text && text !== "")) return;
  throw new DeadheatError(
    "output-exists",
    `${file} is there already`,
    "Add --force to replace it, or name another place with --output.",
  );
}

async function write({ file, text }: Written, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DeadheatError(
      "output-unwritable",
      `${file}: cannot be written (${code})`,
      "Name another place with --output.",
      cause,
    );
  }
}

function print(lines: readonly Line[]): void {
  for (const [label, text] of lines) process.stdout.write(`  ${label.padEnd(6)} ${inert(text)}\n`);
}
