import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DeadheatError } from "../errors.ts";
import { type Config, compileConfig, fromHere } from "./config.ts";
import { reportIssues } from "./issues.ts";
import { CONFIG, Problems } from "./problems.ts";
import { configSchema } from "./schema.ts";
import { parseSource } from "./source.ts";

export interface LoadOptions {
  /** As the user named it; then it has to be there. */
  readonly file?: string;
  /** Where `deadheat.yaml` or `deadheat.yml` is looked for otherwise. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends commands that give secrets. */
  readonly signal?: AbortSignal;
}

const NAMES = ["deadheat.yaml", "deadheat.yml"];
const LIMIT_BYTES = 1_000_000;

/**
 * Reads the configuration; `undefined` where no file was named and none is there. Throws DeadheatError:
 * `config-missing`, `config-invalid` with the place of the first problem, `secret-missing`.
 */
export async function loadConfig(options: LoadOptions): Promise<Config | undefined> {
  const file = options.file ?? (await findConfig(options.folder));
  if (file === undefined) return undefined;
  const text = await readConfig(file);
  const folder = dirname(resolve(file));
  return parseConfig(file, text, { folder, env: options.env, signal: options.signal });
}

/** What a plan needs of it: nothing of the environment is looked at, no command is run. Throws as `loadConfig` does. */
export async function loadPlanConfig(
  options: Pick<LoadOptions, "file" | "folder">,
): Promise<Pick<Config, "document" | "optIn"> | undefined> {
  const file = options.file ?? (await findConfig(options.folder));
  if (file === undefined) return undefined;
  const { data, problems } = validated(file, await readConfig(file));
  problems.assertNone();
  const { document, optIn } = data ?? {};
  return {
    ...(document === undefined ? {} : { document: fromHere(resolve(dirname(resolve(file)), document)) }),
    optIn: optIn ?? [],
  };
}

/** Exported for what has the text already. Throws as `loadConfig` does. */
export function parseConfig(
  file: string,
  text: string,
  surroundings: Parameters<typeof compileConfig>[2],
): Config {
  const { data, problems } = validated(file, text);
  const config = compileConfig(file, data ?? {}, surroundings, problems);
  problems.assertNone();
  return config;
}

function validated(file: string, text: string) {
  const source = parseSource(text);
  if ("problem" in source) {
    const where = `${file}:${source.at.line}:${source.at.column}`;
    throw new DeadheatError(
      "config-invalid",
      `${where}: ${source.problem}`,
      "Correct the YAML at that place.",
    );
  }
  if (source.value === null || source.value === undefined)
    throw new DeadheatError(
      "config-invalid",
      `${file}: the file is empty`,
      "deadheat init writes one with comments; remove the file to do without.",
    );
  const problems = new Problems(file, source);
  const result = configSchema.safeParse(source.value);
  if (!result.success) reportIssues(configSchema, result.error.issues, problems);
  problems.assertNone();
  return { data: result.data, problems };
}

async function findConfig(folder: string): Promise<string | undefined> {
  const found: string[] = [];
  for (const name of NAMES) {
    const file = fromHere(resolve(folder, name));
    if (await exists(file)) found.push(file);
  }
  const [first, second] = found;
  if (second === undefined) return first;
  throw new DeadheatError(
    "config-invalid",
    `${first} and ${second}: two configurations`,
    "Remove one of them.",
  );
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    // What is there but cannot be looked at is said when it is read.
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );
}

async function readConfig(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > LIMIT_BYTES)
      throw new DeadheatError("config-invalid", `${file}: larger than 1 MB`, CONFIG.hint);
    return bytes.toString("utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    if (cause instanceof DeadheatError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT")
      throw new DeadheatError(
        "config-missing",
        `${file}: no such file`,
        "deadheat init URL writes one.",
        cause,
      );
    const reason = code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
    throw new DeadheatError(
      "config-invalid",
      `${file}: ${reason}`,
      "Name a file such as deadheat.yaml.",
      cause,
    );
  }
}
