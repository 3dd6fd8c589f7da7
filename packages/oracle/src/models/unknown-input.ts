import { OracleError } from "../errors.ts";
import type { Model } from "../model.ts";

/** For the default branch of a model's step: a typo in an input must not look like a race. */
export function unknownInput(model: string, input: unknown): never {
  let text: string;
  try {
    text = JSON.stringify(input) ?? String(input);
  } catch {
    text = String(input);
  }
  throw new OracleError("model-unknown-input", `${model} does not know the input ${text}`);
}

/** `→ ok 5`, `→ rejected`, `→ ?`: how an answer reads in a description. */
export function answerText(response: { outcome: string; output: unknown } | undefined): string {
  if (response === undefined) return "→ ?";
  if (response.output === undefined) return `→ ${response.outcome}`;
  const value = typeof response.output === "string" ? response.output : JSON.stringify(response.output);
  return response.outcome === "ok" ? `→ ${value}` : `→ ${response.outcome} ${value}`;
}

/** A state as it reads in an explanation. */
export function stateText<S>(model: Pick<Model<S, never, never>, "show" | "key">, state: S): string {
  return model.show?.(state) ?? String(model.key(state));
}
