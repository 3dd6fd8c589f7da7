/** What an expression is evaluated over, and how its thread answers. */
export interface Task {
  readonly id: number;
  readonly expression: string;
  readonly input: unknown;
}

export type Answer = Value | Problem;

export interface Value {
  readonly value: unknown;
  /** `answers` was looked at on the way to it. */
  readonly readAnswers: boolean;
}

/** Why there is no value, in words. */
export interface Problem {
  readonly problem: string;
}

export type Reply = Answer & { readonly id: number };

/** The same input, and whether its `answers` were looked at. */
export function watched(input: unknown): { readonly input: unknown; wasRead(): boolean } {
  if (typeof input !== "object" || input === null || !Object.hasOwn(input, "answers"))
    return { input, wasRead: () => false };
  const { answers, ...rest } = input as { answers: unknown };
  let read = false;
  const get = () => {
    read = true;
    return answers;
  };
  return {
    input: Object.defineProperty(rest, "answers", { enumerable: true, get }),
    wasRead: () => read,
  };
}
