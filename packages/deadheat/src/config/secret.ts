import { accessSync, constants, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { DeadheatError } from "../errors.ts";
import type { Secret } from "../plan/credential.ts";
import { runCommand } from "./command.ts";
import { type Problems, shown } from "./problems.ts";
import type { Path } from "./source.ts";

/** Where secrets come from. */
export interface Surroundings {
  /** Of the file: relative paths and commands start there. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

export interface SecretInput {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
  readonly command?: readonly string[] | undefined;
}

/** A secret at a place in the file. What can be seen to be missing without running anything is a problem now. */
export function secretOf(
  input: SecretInput,
  path: Path,
  surroundings: Surroundings,
  problems: Problems,
): Secret {
  const place = problems.place(path);
  if (input.env !== undefined) return environmentSecret(input.env, path, surroundings, problems);
  if (input.file !== undefined) {
    const file = resolve(surroundings.folder, input.file);
    const problem = fileProblem(file);
    if (problem) problems.add(path, `${shown(input.file)}: ${problem}`, FILE_HINT, "secret-missing");
    return () => secretInFile(file, place, shown(input.file ?? ""));
  }
  const command = input.command ?? [];
  return async () => {
    const ran = await runCommand(command, surroundings);
    // Arguments may name what nobody else should read; the program's name is enough to find it.
    const program = shown(basename(command[0] ?? ""));
    if ("problem" in ran)
      throw missing(`${place}: the command ${program} ${ran.problem}`, `Run ${program} by hand to see why.`);
    return oneLine(ran.output, `${place}: the command ${program}`, "prints");
  };
}

export function environmentSecret(
  name: string,
  path: Path,
  { env }: Surroundings,
  problems: Problems,
): Secret {
  const spoken = shown(name);
  const value = env[name]?.trim();
  if (value === undefined || value === "")
    problems.add(
      path,
      `the environment variable ${spoken} is not set`,
      `Set ${spoken}, then run it again.`,
      "secret-missing",
    );
  else if (/[\r\n]/.test(value))
    problems.add(
      path,
      `the environment variable ${spoken} holds more than one line`,
      ONE_LINE,
      "secret-missing",
    );
  return async () => value ?? "";
}

const FILE_HINT = "Write the secret into that file, or name another.";
const ONE_LINE = "It has to be the secret alone, in one line.";

function fileProblem(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return "not a file";
    accessSync(file, constants.R_OK);
    return undefined;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return code === "ENOENT" ? "no such file" : `cannot be read (${code})`;
  }
}

async function secretInFile(file: string, place: string, name: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw missing(`${place}: ${name}: cannot be read (${code})`, FILE_HINT);
  }
  return oneLine(text, `${place}: ${name}`, "holds");
}

function oneLine(text: string, what: string, verb: "prints" | "holds"): string {
  const value = text.replace(/^\uFEFF/, "").trim();
  if (value === "") throw missing(`${what} ${verb} nothing`, ONE_LINE);
  if (/[\r\n]/.test(value)) throw missing(`${what} ${verb} more than one line`, ONE_LINE);
  return value;
}

function missing(message: string, hint: string): DeadheatError {
  return new DeadheatError("secret-missing", message, hint);
}
