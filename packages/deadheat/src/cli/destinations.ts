import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { DeadheatError } from "../errors.ts";
import type { FormatContext } from "../report/format.ts";
import { FORMAT_NAMES, type FormatName, isFormat, loadFormat } from "../report/formats/index.ts";
import type { Output, Reporter } from "../report/reporter.ts";
import { standardOutput } from "./output.ts";

/** A format and where it goes: to a file, or to standard output where there is none. */
export interface Destination {
  readonly format: FormatName;
  readonly file?: string;
}

/**
 * `--format json`, `--format html=report.html,sarif=out.sarif`, or several of them. One format at most has standard
 * output; where none has, the console does. Throws DeadheatError.
 */
export function destinationsFrom(texts: readonly string[] | undefined): readonly Destination[] {
  const given = (texts ?? []).flatMap((text) => text.split(",")).filter((text) => text !== "");
  const destinations = given.map(destinationFrom);
  const open = destinations.filter((one) => one.file === undefined);
  if (open.length > 1)
    throw new DeadheatError(
      "usage",
      `--format ${given.join(",")}: ${open.map((one) => one.format).join(" and ")} both want standard output`,
      `Give files: --format ${open.map((one) => `${one.format}=FILE`).join(",")}.`,
    );
  const files = destinations.flatMap((one) => (one.file === undefined ? [] : [one.file]));
  const twice = files.find((one, index) => files.indexOf(one) !== index);
  if (twice !== undefined)
    throw new DeadheatError(
      "usage",
      `--format: ${twice} is named twice`,
      "Give each format a file of its own.",
    );
  return open.length === 1 ? destinations : [{ format: "console" }, ...destinations];
}

function destinationFrom(text: string): Destination {
  const [name = "", ...rest] = text.split("=");
  const file = rest.join("=");
  if (!isFormat(name))
    throw new DeadheatError(
      "usage",
      `--format ${text}: no such format`,
      `There are ${FORMAT_NAMES.join(", ")}; FORMAT=FILE writes to a file.`,
    );
  if (rest.length > 0 && file === "")
    throw new DeadheatError("usage", `--format ${text}: no file`, `Give ${name}=FILE, or ${name} alone.`);
  return { format: name, ...(file === "" || file === "-" ? {} : { file }) };
}

/** Where notes for people go: to standard error where a machine reads standard output. */
export function notesOutput(destinations: readonly Destination[]): Output {
  const console = destinations.some((one) => one.format === "console" && one.file === undefined);
  return standardOutput(console ? process.stdout : process.stderr);
}

/** Files are opened at once: that one cannot be written is said before a scan, not after it. */
export async function openReporters(
  destinations: readonly Destination[],
  context: FormatContext,
): Promise<Reporter> {
  const opened: { readonly reporter: Reporter; readonly close: () => void }[] = [];
  for (const { format, file } of destinations) {
    const { open } = await loadFormat(format);
    const { output, close } = file === undefined ? standard() : fileOutput(file);
    opened.push({ reporter: open(output, context), close });
  }
  return {
    on(event) {
      for (const { reporter } of opened) reporter.on(event);
    },
    close() {
      for (const { reporter, close } of opened) {
        reporter.close?.();
        close();
      }
    },
  };
}

function standard() {
  return { output: standardOutput(process.stdout), close: () => {} };
}

function fileOutput(file: string): { readonly output: Output; readonly close: () => void } {
  const unwritable = (cause: unknown) =>
    new DeadheatError(
      "report-unwritable",
      `${file}: cannot be written (${(cause as NodeJS.ErrnoException).code ?? "failed"})`,
      "Choose another file with --format FORMAT=FILE.",
      cause,
    );
  let descriptor: number;
  try {
    mkdirSync(dirname(file), { recursive: true });
    descriptor = openSync(file, "w");
  } catch (cause) {
    throw unwritable(cause);
  }
  const write = (text: string) => {
    try {
      writeSync(descriptor, text);
    } catch (cause) {
      throw unwritable(cause);
    }
  };
  return { output: { write, live: false, color: false }, close: () => closeSync(descriptor) };
}
