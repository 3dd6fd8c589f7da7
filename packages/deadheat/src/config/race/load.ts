import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DeadheatError } from "../../errors.ts";
import type { CustomScenario } from "../../plan/custom.ts";
import { reportIssues } from "../issues.ts";
import { type Kind, NOWHERE, Problems } from "../problems.ts";
import { parseSource, type Source } from "../source.ts";
import { compileRace, type InvariantFunction, type RaceSurroundings } from "./compile.ts";
import { raceSchema } from "./schema.ts";

export const RACE: Kind = { code: "scenario-invalid", hint: "Every key is explained in docs/race.md." };

const LIMIT_BYTES = 1_000_000;

/**
 * Reads a race file. Throws DeadheatError: `scenario-missing`, `scenario-invalid` with the place of the first
 * problem, `secret-missing`.
 */
export async function loadRace(
  file: string,
  surroundings: Omit<RaceSurroundings, "folder">,
): Promise<CustomScenario> {
  const text = await textOf(file);
  return parseRace(file, text, { ...surroundings, folder: dirname(resolve(file)) });
}

/** Exported for what has the text already. Throws as `loadRace` does. */
export function parseRace(file: string, text: string, surroundings: RaceSurroundings): CustomScenario {
  const source = parseSource(text);
  if ("problem" in source)
    throw new DeadheatError(
      RACE.code,
      `${file}:${source.at.line}:${source.at.column}: ${source.problem}`,
      "Correct the YAML at that place.",
    );
  if (source.value === null || source.value === undefined)
    throw new DeadheatError(
      RACE.code,
      `${file}: the file is empty`,
      "docs/race.md has examples to begin with.",
    );
  return compile(file, source, surroundings);
}

/** A scenario that a program states: the same checks, with paths in place of lines. Throws as `loadRace` does. */
export function raceFrom(value: object, surroundings: RaceSurroundings): CustomScenario {
  const { invariant, ...rest } = value as { invariant?: unknown };
  const test = typeof invariant === "function" ? (invariant as InvariantFunction) : undefined;
  const plain = test ? rest : value;
  const source: Source = { value: plain, locate: () => NOWHERE, locateKey: () => NOWHERE };
  return compile("race()", source, surroundings, test);
}

function compile(
  name: string,
  source: Source,
  surroundings: RaceSurroundings,
  test?: InvariantFunction,
): CustomScenario {
  const problems = new Problems(name, source, RACE);
  const result = raceSchema.safeParse(source.value);
  if (!result.success) {
    reportIssues(raceSchema, result.error.issues, problems);
    problems.assertNone();
    throw new Error("unreachable: each issue is a problem");
  }
  const scenario = compileRace(name, result.data, surroundings, problems, test);
  problems.assertNone();
  return scenario;
}

async function textOf(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
    const kind = code === "ENOENT" ? "scenario-missing" : RACE.code;
    throw new DeadheatError(
      kind,
      `${file}: ${reason}`,
      "Name a race file; docs/race.md has examples.",
      cause,
    );
  }
  if (bytes.length > LIMIT_BYTES) throw new DeadheatError(RACE.code, `${file}: larger than 1 MB`, RACE.hint);
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}
