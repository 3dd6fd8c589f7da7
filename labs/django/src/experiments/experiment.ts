import type { Answer } from "../client/http.ts";
import type { Side } from "../client/user.ts";

/** What one trial showed. */
export interface Trial {
  /** Whether the state at the end is one that no order of the same calls, one at a time, leads to. */
  readonly violated: boolean;
  /** Of the requests that were sent together. */
  readonly statuses: readonly number[];
  readonly note: string;
}

/** One way to make a half of the lab show a race, judged by the state that it leaves behind. */
export interface Experiment {
  readonly name: string;
  run(side: Side): Promise<Trial>;
}

/** How many requests leave together. */
export const TOGETHER = 16;

export function statusesOf(answers: readonly Answer[]): number[] {
  return answers.map((answer) => answer.status);
}

export function succeeded(answers: readonly Answer[]): number {
  return answers.filter(({ status }) => status >= 200 && status < 300).length;
}

export function repeat<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}
