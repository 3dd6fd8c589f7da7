import { createHash } from "node:crypto";
import type { ColumnWriter, Writers } from "../rules/rule.ts";
import type { Numbering } from "./numbering.ts";
import type { Question } from "./record.ts";

/** Passes questions on, and notes them with digests of their answers. */
export class NotingWriters implements Writers {
  readonly asked: Question[] = [];
  readonly #writers: Writers;
  readonly #numbering: Numbering;

  constructor(writers: Writers, numbering: Numbering) {
    this.#writers = writers;
    this.#numbering = numbering;
  }

  others(model: string, except: string): readonly ColumnWriter[] {
    const found = this.#writers.others(model, except);
    const told = found.map(({ fn, columns, direct, site }) => [
      fn,
      [...columns],
      direct,
      this.#numbering.placeOf(site),
    ]);
    this.asked.push({ kind: "others", about: [model, except], answer: digest(told) });
    return found;
  }

  usesOf(use: string): ReturnType<Writers["usesOf"]> {
    const found = this.#writers.usesOf(use);
    const told = found.map(({ fn, site }) => [
      this.#numbering.numberOf(fn as never),
      this.#numbering.placeOf(site),
    ]);
    this.asked.push({ kind: "uses", about: [use], answer: digest(told) });
    return found;
  }
}

/** Whether all of these are answered as they were. */
export function isAnsweredAlike(asked: readonly Question[], writers: Writers, numbering: Numbering): boolean {
  const again = new NotingWriters(writers, numbering);
  for (const { kind, about } of asked)
    if (kind === "others") again.others(about[0] as string, about[1] as string);
    else again.usesOf(about[0] as string);
  return again.asked.every((one, index) => one.answer === asked[index]?.answer);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64").slice(0, 24);
}
