import { isAbsolute, relative, resolve } from "node:path";
import type { MailRecipe, ObjectRecipe, PrincipalRecipe, Secret } from "../plan/credential.ts";
import type { NetworkSettings } from "../plan/network.ts";
import { nearest } from "./issues.ts";
import { networkSettings } from "./network.ts";
import { principalRecipe } from "./principal.ts";
import type { Problems } from "./problems.ts";
import { RecipeTexts } from "./recipe.ts";
import type { ConfigInput, ObjectInput, ProveInput } from "./schema.ts";
import { type Surroundings, secretOf } from "./secret.ts";
import type { Path } from "./source.ts";
import { stepsOf } from "./steps.ts";

/** What deadheat.yaml says, ready for use: paths are from the working directory, secrets can be asked for. */
export interface Config {
  /** As it was named or found. */
  readonly file: string;
  readonly document?: string;
  readonly target?: string;
  readonly allow: readonly string[];
  readonly optIn: readonly string[];
  readonly principals: readonly PrincipalRecipe[];
  readonly objects: readonly ObjectRecipe[];
  readonly mail?: MailRecipe;
  readonly scan: ScanConfig;
  readonly prove: ProveConfig;
  readonly network?: NetworkSettings;
  readonly output?: string;
}

export interface ScanConfig {
  readonly seed?: string;
  readonly trials?: number;
  readonly thorough?: boolean;
  /** For each request, ms. */
  readonly timeoutMs?: number;
  /** For the trials of one scenario at one operation, ms. */
  readonly timeLimitMs?: number;
  /** Most requests of the whole scan. */
  readonly requests?: number;
  readonly ratePerSecond?: number;
}

/** How `deadheat prove` starts the project. */
export type ProveConfig = Present<Omit<ProveInput, "env">> & {
  readonly env: Readonly<Record<string, Secret>>;
};

type Present<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** Problems are collected; what is returned is of use only where there are none. */
export function compileConfig(
  file: string,
  input: ConfigInput,
  surroundings: Surroundings,
  problems: Problems,
): Config {
  const inFolder = (path: string) => fromHere(resolve(surroundings.folder, path));
  if (input.document !== undefined && /^https?:\/\//i.test(input.document))
    problems.add(["document"], "is a URL, not a file", "Fetch it with: deadheat init URL");
  const context = { problems, surroundings, mail: input.mail !== undefined };
  const principals = Object.entries(input.principals ?? {}).map(([name, one]) =>
    principalRecipe(name, one, context),
  );
  const parameters = Object.keys(input.objects ?? {}).map((key) => parametersOf(key).at(-1) ?? key);
  const objects = Object.entries(input.objects ?? {}).map(([key, one]) =>
    objectRecipe(key, one, { principals, parameters, surroundings, problems }),
  );
  const mail = input.mail && mailRecipe(input.mail, inFolder, problems);
  return {
    file,
    ...(input.document === undefined ? {} : { document: inFolder(input.document) }),
    ...(input.target === undefined ? {} : { target: input.target }),
    allow: input.allow ?? [],
    optIn: input.optIn ?? [],
    principals,
    objects,
    ...(mail ? { mail } : {}),
    scan: present(input.scan ?? {}),
    prove: proveConfig(input.prove ?? {}, surroundings, problems),
    ...(input.network
      ? {
          network: networkSettings(input.network, {
            inFolder: (path) => resolve(surroundings.folder, path),
            problem: (path, message) => problems.add(["network", ...path], message),
            secret: (one, path) => secretOf(one, ["network", ...path], surroundings, problems),
          }),
        }
      : {}),
    ...(input.output === undefined ? {} : { output: inFolder(input.output) }),
  };
}

/** As one would type it: reports show it, and need not tell where on a disk the project is. */
export function fromHere(path: string): string {
  const near = relative("", path);
  return near === "" || near.startsWith("..") || isAbsolute(near) ? path : near;
}

interface ObjectContext {
  readonly principals: readonly PrincipalRecipe[];
  /** Parameters that some entry makes an object for. */
  readonly parameters: readonly string[];
  readonly surroundings: Surroundings;
  readonly problems: Problems;
}

/** Path parameters of a template, or the parameter itself. */
function parametersOf(key: string): string[] {
  return key.startsWith("/") ? [...key.matchAll(/\{([^{}/]+)\}/g)].map((match) => match[1] as string) : [key];
}

function objectRecipe(
  key: string,
  input: ObjectInput,
  { principals, parameters, surroundings, problems }: ObjectContext,
): ObjectRecipe {
  const path: Path = ["objects", key];
  const texts = new RecipeTexts(problems, surroundings);
  const own = parametersOf(key);
  const parameter = own.at(-1) ?? key;
  // `POST /orders/${order}/items`: what stands before it in the path has been made by then.
  const earlier = [...parameters, ...own].filter((one) => one !== parameter);
  const known = new Set<string>(["unique", "uuid", "token", ...earlier]);
  const make = stepsOf(input.make, [...path, "make"], known, texts);
  const last = make.at(-1);
  if (input.value !== undefined && last) {
    if (Object.hasOwn(last.extract, "value"))
      problems.add([...path, "value"], "is extracted by make already");
    make[make.length - 1] = { ...last, extract: { ...last.extract, value: input.value } };
  }
  const remove = stepsOf(input.remove, [...path, "remove"], new Set([...known, "value"]), texts);
  const names = principals.map(({ name }) => name);
  if (input.as !== undefined && !names.includes(input.as)) {
    const near = nearest(input.as, names);
    problems.add([...path, "as"], `no such principal${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
  return {
    parameter,
    ...(key.startsWith("/") ? { path: key } : {}),
    variables: texts.secrets,
    make,
    remove,
    ...(input.as === undefined ? {} : { as: input.as }),
  };
}

function proveConfig(
  { env = {}, ...rest }: ProveInput,
  surroundings: Surroundings,
  problems: Problems,
): ProveConfig {
  const values = Object.entries(env).map(([name, value]): [string, Secret] => [
    name,
    typeof value === "string"
      ? async () => value
      : secretOf(value, ["prove", "env", name], surroundings, problems),
  ]);
  return { ...present(rest), env: Object.fromEntries(values) };
}

function mailRecipe(
  { smtp, file, pattern }: NonNullable<ConfigInput["mail"]>,
  inFolder: (path: string) => string,
  problems: Problems,
): MailRecipe {
  if (smtp && file !== undefined) problems.add(["mail", "file"], "contradicts smtp: give one of them");
  if (!smtp && file === undefined) problems.add(["mail"], "needs smtp or file");
  const problem = pattern === undefined ? undefined : patternProblem(pattern);
  if (problem) problems.add(["mail", "pattern"], problem);
  return {
    ...(smtp ? { smtp } : {}),
    ...(file === undefined ? {} : { file: inFolder(file) }),
    ...(pattern === undefined ? {} : { pattern }),
  };
}

function patternProblem(pattern: string): string | undefined {
  try {
    // The empty alternative matches everything, so that the groups can be counted.
    const groups = new RegExp(`${pattern}|`).exec("")?.length ?? 0;
    return groups > 1 ? undefined : "has no group for the code, as in code: (\\d+)";
  } catch {
    return "is not a regular expression";
  }
}

function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
