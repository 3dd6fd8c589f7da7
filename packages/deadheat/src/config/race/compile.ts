import type { PrincipalRecipe, Secret } from "../../plan/credential.ts";
import type {
  CleanUpStep,
  ConcurrentStep,
  CustomScenario,
  CustomStep,
  Observation,
} from "../../plan/custom.ts";
import { nearest } from "../issues.ts";
import { principalRecipe } from "../principal.ts";
import type { Problems } from "../problems.ts";
import { RecipeTexts } from "../recipe.ts";
import { type Surroundings, secretOf } from "../secret.ts";
import type { Path } from "../source.ts";
import { stepOf } from "../steps.ts";
import { expectationOf, outputOf } from "./expectation.ts";
import type { RaceFile } from "./schema.ts";

/** What surrounds a race file: the folder it stands in, and who is known from deadheat.yaml. */
export interface RaceSurroundings extends Surroundings {
  readonly principals: readonly PrincipalRecipe[];
  /** deadheat.yaml says where mail is read. */
  readonly mail: boolean;
}

/** What a TypeScript caller may put in the place of an expression. */
export type InvariantFunction = (observation: Observation) => unknown;

/** Problems are collected; what is returned is of use only where there are none. */
export function compileRace(
  source: string,
  input: RaceFile,
  surroundings: RaceSurroundings,
  problems: Problems,
  invariant?: InvariantFunction,
): CustomScenario {
  const context = { problems, surroundings, mail: surroundings.mail };
  const own = Object.entries(input.principals ?? {}).map(([name, one]) =>
    principalRecipe(name, one, context),
  );
  const others = surroundings.principals.filter(({ name }) => !own.some((one) => one.name === name));
  const principals = [...own, ...others];
  const texts = new RecipeTexts(problems, surroundings);
  const variables = variablesOf(input, texts);
  const steps = new Steps(
    texts,
    principals.map((one) => one.name),
    input.model !== undefined,
  );
  const known = new Set(["unique", "uuid", ...Object.keys(variables)]);
  const setUp = (input.setUp ?? []).map((one, index) => steps.compile(one, ["setUp", index], known));
  // Answers come at the same time: no request of the race can use what another one was answered.
  const concurrent = input.concurrent.map((one, index) =>
    concurrentStep(one, ["concurrent", index], steps, new Set(known)),
  );
  const extracted = new Set(known);
  for (const one of concurrent) for (const name of Object.keys(one.extract)) extracted.add(name);
  const observe = input.observe.map((one, index) => steps.compile(one, ["observe", index], new Set(known)));
  const cleanUp = (input.cleanUp ?? []).map((one, index) =>
    cleanUpStep(one, ["cleanUp", index], steps, extracted),
  );
  reportTotals(concurrent, observe, input, problems);
  const used = new Set([...setUp, ...concurrent, ...observe, ...cleanUp].map((one) => one.as));
  return {
    name: input.name ?? concurrent.map((one) => one.name).join(" and "),
    source,
    ...(input.target === undefined ? {} : { target: input.target }),
    principals: principals.filter((one) => used.has(one.name)),
    variables: { ...variables, ...texts.secrets },
    setUp,
    concurrent,
    observe,
    cleanUp,
    expectation: expectationOf(input, [...concurrent, ...observe], problems, invariant),
    ...(input.transports === undefined ? {} : { transports: input.transports }),
    ...(input.trials === undefined ? {} : { trials: input.trials }),
    visibilityMs: input.visibilityMs ?? 0,
  };
}

function variablesOf({ variables = {} }: RaceFile, texts: RecipeTexts): Record<string, Secret> {
  const own: Record<string, Secret> = {};
  for (const [name, value] of Object.entries(variables)) {
    const path = ["variables", name];
    if (typeof value !== "string") own[name] = secretOf(value, path, texts.surroundings, texts.problems);
    else {
      texts.check(value, path, new Set());
      own[name] = async () => value;
    }
  }
  return own;
}

type StepInput = RaceFile["concurrent"][number] | RaceFile["observe"][number];
type CleanUpInput = NonNullable<RaceFile["cleanUp"]>[number];

/** Compiles steps of one file: their variables, their principals, their names. */
class Steps {
  readonly texts: RecipeTexts;
  readonly #principals: readonly string[];
  readonly #modelled: boolean;

  constructor(texts: RecipeTexts, principals: readonly string[], modelled: boolean) {
    this.texts = texts;
    this.#principals = principals;
    this.#modelled = modelled;
  }

  compile(input: StepInput | CleanUpInput, path: Path, known: Set<string>): CustomStep {
    const { problems } = this.texts;
    const step = typeof input === "string" ? { request: input } : input;
    const { as, token = 1, name = step.request, request, headers, json, form, extract } = step;
    const bare = { request, headers, json, form, extract };
    const compiled = stepOf(typeof input === "string" ? input : bare, path, known, this.texts);
    this.#checkPrincipal(as, token, path);
    for (const key of Object.keys(extract ?? {}))
      if (RESERVED.includes(key))
        problems.add([...path, "extract", key], "is taken: answers have that already");
    const operation = "operation" in step ? step.operation : undefined;
    if (operation && !this.#modelled) problems.add([...path, "operation"], "means nothing without a model");
    return {
      name,
      place: problems.place(path),
      ...(as === undefined ? {} : { as }),
      token,
      ...compiled,
      ...(operation ? { operation: outputOf(operation, [...path, "operation"], problems) } : {}),
    };
  }

  #checkPrincipal(as: string | undefined, token: number, path: Path): void {
    if (as !== undefined) this.assertPrincipal(as, [...path, "as"]);
    else if (token > 1) this.texts.problems.add([...path, "token"], "needs as: whose token it is");
  }

  assertPrincipal(name: string, path: Path): void {
    if (this.#principals.includes(name)) return;
    const near = nearest(name, this.#principals);
    const there =
      this.#principals.length === 0 ? "there are none" : `there are ${this.#principals.join(", ")}`;
    this.texts.problems.add(
      path,
      `no such principal; ${near === undefined ? there : `did you mean ${near}?`}`,
    );
  }
}

const RESERVED = ["step", "status", "ok", "body"];

function concurrentStep(
  input: RaceFile["concurrent"][number],
  path: Path,
  steps: Steps,
  known: Set<string>,
): ConcurrentStep {
  const { count = 1, offsetMs = 0 } = typeof input === "string" ? {} : input;
  const [from = 0, to = 0] = typeof offsetMs === "number" ? [offsetMs, offsetMs] : offsetMs;
  if (from > to) steps.texts.problems.add([...path, "offsetMs"], "ends before it begins");
  return { ...steps.compile(input, path, known), count, offsetMs: [from, to] };
}

function cleanUpStep(input: CleanUpInput, path: Path, steps: Steps, known: Set<string>): CleanUpStep {
  const removes = typeof input === "string" ? undefined : input.removes;
  if (removes !== undefined) steps.assertPrincipal(removes, [...path, "removes"]);
  return { ...steps.compile(input, path, known), ...(removes === undefined ? {} : { removes }) };
}

const MOST_REQUESTS = 20;

function reportTotals(
  concurrent: readonly ConcurrentStep[],
  observe: readonly CustomStep[],
  { model }: RaceFile,
  problems: Problems,
): void {
  const total = concurrent.reduce((sum, one) => sum + one.count, 0);
  if (total < 2)
    problems.add(["concurrent"], "is one request: two or more can race", "Add another, or count: 2.");
  if (total > MOST_REQUESTS)
    problems.add(["concurrent"], `are ${total} requests; ${MOST_REQUESTS} at most are sent together`);
  if (model === undefined && observe.every((one) => Object.keys(one.extract).length === 0))
    problems.add(
      ["observe"],
      "extracts nothing that an invariant could see",
      "Add extract: { stock: $.stock }.",
    );
}
