import type { Expression } from "../parse/syntax.ts";
import type { Model } from "../project/model.ts";
import { textOf } from "../project/project.ts";
import type { Run } from "./run.ts";
import { emitSave } from "./saves.ts";
import type { Value } from "./values.ts";

type Place = Pick<Run, "fn" | "program">;

export interface Received {
  readonly signal: string;
  readonly model?: Model;
  /** No sender is named: it is told of the rows of all tables. */
  readonly isOfAll: boolean;
}

/** `@receiver(pre_save, sender=Invoice)`, `pre_save.connect(…)`: for which signal, about rows of which model. */
export function receiverOf(run: Place): Received | undefined {
  const { fn } = run;
  if (!fn.module.source.text.startsWith("@", fn.start)) return connected(run);
  for (const one of fn.signature().decorators) {
    if (one.kind !== "call" || !/(^|\.)receiver$/.test(textOf(one))) continue;
    const signal = one.args[0] ? (textOf(one.args[0].value).split(".").at(-1) ?? "") : "";
    const sender = one.args.find((argument) => argument.name === "sender")?.value;
    const model = sender && modelOf(run, sender);
    return { signal, isOfAll: !sender, ...(model ? { model } : {}) };
  }
  return connected(run);
}

function connected({ fn, program: { project, models } }: Place): Received | undefined {
  const found = project.names.connectionOf(fn);
  const model = found?.sender === undefined ? undefined : models.named(found.sender);
  return found && { signal: found.signal, isOfAll: found.sender === undefined, ...(model ? { model } : {}) };
}

function modelOf({ fn, program: { project, models } }: Place, sender: Expression): Model | undefined {
  const found = project.resolve(fn.module, sender);
  if (found?.kind === "class") return models.of(found);
  const name = textOf(sender).split(".").at(-1);
  return name ? models.named(name) : undefined;
}

/** What a receiver of `pre_save` changes in the row that it is given is saved when it returns. */
export function runImplicitSave(run: Run, instance: Value | undefined): void {
  if (instance?.kind !== "row" || instance.assigned.length === 0) return;
  if (receiverOf(run)?.signal !== "pre_save") return;
  const nothing = { expressions: [], values: [], positional: [], named: new Map() };
  emitSave(run, instance, nothing, { start: run.fn.start, end: run.fn.start });
}
