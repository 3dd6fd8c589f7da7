import { writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { DeadheatError } from "../errors.ts";
import { inert } from "../inert.ts";
import { standardOutput } from "./output.ts";

/** As commander hands them over. */
export interface PlanFlags {
  readonly config?: string;
  readonly json?: boolean;
  readonly mermaid?: boolean;
  readonly all?: boolean;
  readonly validate?: boolean;
  /** `true` for the document itself, or a file. */
  readonly annotate?: boolean | string;
  readonly optIn?: readonly string[];
}

/** Tells what can race in a document; nothing is sent. Exit codes: 0; 2 where the document has mistakes. */
export async function planCommand(named: string | undefined, flags: PlanFlags): Promise<number> {
  if (flags.json && flags.mermaid)
    throw new DeadheatError("usage", "--json and --mermaid: one of them", "Give one format.");
  optimiseLater();
  const { document, optIn } = await subjectOf(named, flags);
  const engine = await import("../engine/plan.ts");
  if (flags.annotate !== undefined) return annotateInto(document, flags.annotate, engine.annotateDocument);
  const invalid = flags.validate ? await engine.validateDocument(document) : [];
  const analysis = await engine.analyseDocument(document, optIn);
  const { problems } = analysis;
  const { color } = standardOutput(process.stdout);
  const told = { ...analysis, problems: [...invalid, ...problems] };
  if (flags.json) process.stdout.write(engine.planAsJson(told));
  else if (flags.mermaid) process.stdout.write(engine.planAsMermaid(told));
  else process.stdout.write(engine.planAsText(told, { color, inert, all: flags.all === true }));
  if (flags.mermaid)
    for (const { message, location } of told.problems)
      process.stderr.write(
        `${inert(`! ${location.file}:${location.line}:${location.column}: ${message}`)}\n`,
      );
  return invalid.length > 0 || analysis.broken ? 2 : 0;
}

/** Of V8 11 to 13 (Node 20 to 24) it is known that they have the flag: others would write that they do not know it. */
const KNOWN = /^1[123]\./;

/**
 * A plan takes half a second, of which V8 spends a quarter on optimising functions that are done before that pays. Six
 * times as much has to run before it begins; on documents four times as large nothing is lost by it.
 */
function optimiseLater(): void {
  if (KNOWN.test(process.versions.v8)) setFlagsFromString("--interrupt-budget=400000");
}

/** Of deadheat.yaml only what a plan is about: no token is asked for, no command is run. */
async function subjectOf(
  named: string | undefined,
  { config: file, optIn = [] }: PlanFlags,
): Promise<{ readonly document: string; readonly optIn: readonly string[] }> {
  if (named !== undefined && file === undefined) return { document: named, optIn };
  const { loadPlanConfig } = await import("../config/index.ts");
  const config = await loadPlanConfig({ ...(file === undefined ? {} : { file }), folder: process.cwd() });
  const document = named ?? config?.document;
  if (document === undefined)
    throw new DeadheatError(
      "usage",
      "no API document",
      "Give its path, or name it in deadheat.yaml; `deadheat init URL` writes one.",
    );
  return { document, optIn: [...optIn, ...(config?.optIn ?? [])] };
}

async function annotateInto(
  document: string,
  into: boolean | string,
  annotate: (file: string) => Promise<{ text: string; count: number; left: number }>,
): Promise<number> {
  const { text, count, left } = await annotate(document);
  const file = typeof into === "string" ? into : document;
  if (file === "-") {
    process.stdout.write(text);
    return 0;
  }
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DeadheatError(
      "output-unwritable",
      `${file}: cannot be written (${code})`,
      "Give another file.",
      cause,
    );
  }
  process.stdout.write(
    `${file}: ${count} operations annotated${left > 0 ? `, ${left} left as they are` : ""}\n`,
  );
  return 0;
}
