import { modelNamed, modelNames, OracleError } from "@deadheat/oracle";
import jsonata from "jsonata";
import type { CustomStep, Expectation, ModelOperation } from "../../plan/custom.ts";
import { nearest } from "../issues.ts";
import type { Problems } from "../problems.ts";
import type { Path } from "../source.ts";
import type { InvariantFunction } from "./compile.ts";
import type { RaceFile } from "./schema.ts";

/** What has to be true after the race, checked as far as it can be without one. */
export function expectationOf(
  { invariant, model }: RaceFile,
  steps: readonly CustomStep[],
  problems: Problems,
  test?: InvariantFunction,
): Expectation {
  const stated = test ?? invariant;
  if (model !== undefined && stated !== undefined)
    problems.add(["model"], "contradicts invariant: give one of them");
  if (model !== undefined) {
    checkModel(model, steps, problems);
    return { kind: "model", place: problems.place(["model"]), model };
  }
  if (stated === undefined)
    problems.add([], "says nothing that has to be true", "Add invariant: or model:, as in docs/race.md.");
  if (test)
    return {
      kind: "invariant",
      invariants: [{ place: problems.place(["invariant"]), text: "the function", test }],
    };
  const several = Array.isArray(invariant);
  const texts = several ? invariant : invariant === undefined ? [] : [invariant];
  const invariants = texts.map((text, index) => {
    const path: Path = several ? ["invariant", index] : ["invariant"];
    checkExpression(text, path, problems);
    return { place: problems.place(path), text: text.trim().replace(/\s+/g, " "), test: text };
  });
  return { kind: "invariant", invariants };
}

export function outputOf(
  { input, output }: { readonly input: unknown; readonly output?: string | undefined },
  path: Path,
  problems: Problems,
): ModelOperation {
  if (output !== undefined) checkExpression(output, [...path, "output"], problems);
  return { input, ...(output === undefined ? {} : { output }) };
}

/** The parser is JSONata's own; nothing is evaluated here. */
function checkExpression(text: string, path: Path, problems: Problems): void {
  try {
    jsonata(text);
  } catch (cause) {
    const { position, code } = cause as { position?: number; code?: string };
    const at = position === undefined ? "" : `, from character ${position} on`;
    problems.add(
      path,
      `is not a JSONata expression${at}${code === undefined ? "" : ` (${code})`}`,
      EXPRESSION_HINT,
    );
  }
}

const EXPRESSION_HINT =
  "For example: after.stock >= 0. The language is explained at https://docs.jsonata.org.";

/** A name or an operation that the oracle does not know is a mistake now, not after sixty trials. */
function checkModel(name: string, steps: readonly CustomStep[], problems: Problems): void {
  let model: ReturnType<typeof modelNamed>;
  try {
    model = modelNamed(name);
  } catch (cause) {
    if (!(cause instanceof OracleError)) throw cause;
    const near = nearest(
      name.split(":")[0] ?? "",
      modelNames.map((one) => one.split(":")[0] ?? ""),
    );
    const meant = modelNames.find((one) => one.split(":")[0] === near);
    problems.add(
      ["model"],
      `no such model; ${meant ? `did you mean ${meant}?` : `there are ${modelNames.join(", ")}`}`,
    );
    return;
  }
  for (const { place, operation } of steps) {
    if (!operation) {
      problems.add(["model"], `needs operation: at each request and read; there is none at ${place}`);
      return;
    }
    try {
      model.step(model.init(), operation.input, undefined);
    } catch (cause) {
      problems.add(["model"], `does not know the operation at ${place}: ${(cause as Error).message}`);
    }
  }
}
