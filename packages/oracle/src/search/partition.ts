import { Canonical } from "../canonical.ts";
import { OracleError } from "../errors.ts";
import type { History, Operation } from "../history.ts";
import type { Model, Response } from "../model.ts";

/** Operations a caller cannot tell apart: same input and, if answered, same answer. */
export interface OperationClass<I, O> {
  readonly input: I;
  /** `undefined` for the class of a pending operation. */
  readonly response: Response<O> | undefined;
  readonly pure: boolean;
  /** Classes with equal inputs share it, whatever their answers. */
  readonly inputId: number;
  /** One operation of the class, to name in errors. */
  readonly example: string;
}

/**
 * One independent part of a history, laid out for the search. Answered operations are numbered by
 * return time; pending ones are kept per class only, by invoke time.
 */
export interface Partition<I, O> {
  readonly classes: readonly OperationClass<I, O>[];
  /** Ids of the answered operations, by return. */
  readonly ids: readonly string[];
  readonly invokes: Float64Array;
  readonly returns: Float64Array;
  readonly classOf: Int32Array;
  /** Answered operations by invoke. */
  readonly byInvoke: Int32Array;
  /** A number for each answered operation that no other one open at the same time has. */
  readonly slots: Int32Array;
  readonly slotCount: number;
  readonly pending: readonly PendingClass[];
}

/** Pending operations with one input. They never return, so any of those invoked can stand for any other. */
export interface PendingClass {
  readonly class: number;
  readonly ids: readonly string[];
  readonly invokes: Float64Array;
}

/** A completed operation; the rest (timed out, ambiguous) may take effect at any time or never. */
export function isAnswered(operation: Operation<unknown, unknown>): boolean {
  return operation.outcome !== "unknown";
}

/** Splits a history by `model.partition`, keeping the order of first appearance. */
export function split<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  pulse?: () => void,
): History<I, O>[] {
  if (model.partition === undefined) return history.length === 0 ? [] : [history];
  const parts = new Map<string | number, Operation<I, O>[]>();
  for (const operation of history) {
    pulse?.();
    let name: string | number;
    try {
      name = model.partition(operation.input);
    } catch (cause) {
      throw new OracleError("model-threw", `${model.name}.partition threw at operation ${operation.id}`, {
        operation: operation.id,
        cause,
      });
    }
    const part = parts.get(name);
    if (part === undefined) parts.set(name, [operation]);
    else part.push(operation);
  }
  return [...parts.values()];
}

/** Lays one part out for the search. */
export function layOut<S, I, O>(
  model: Model<S, I, O>,
  part: History<I, O>,
  pulse?: () => void,
): Partition<I, O> {
  const canonical = new Canonical();
  const classes: OperationClass<I, O>[] = [];
  const inputIds = new Map<string, number>();
  const classIds = new Map<string, number>();

  const classify = (operation: Operation<I, O>): number => {
    pulse?.();
    const inputText = canonical.of(operation.input);
    let inputId = inputIds.get(inputText);
    if (inputId === undefined) {
      inputId = inputIds.size;
      inputIds.set(inputText, inputId);
    }
    const answered = isAnswered(operation);
    const text = answered ? `${inputId}${operation.outcome}${canonical.of(operation.output)}` : `${inputId}?`;
    let id = classIds.get(text);
    if (id !== undefined) return id;
    id = classes.length;
    classIds.set(text, id);
    const response: Response<O> | undefined = answered
      ? { outcome: operation.outcome as "ok" | "rejected", output: operation.output }
      : undefined;
    classes.push({
      input: operation.input,
      response,
      pure: response !== undefined && isPure(model, operation, response),
      inputId,
      example: operation.id,
    });
    return id;
  };

  const answered = part
    .filter(isAnswered)
    .sort((a, b) => (a.return ?? 0) - (b.return ?? 0) || a.invoke - b.invoke);
  const invokes = Float64Array.from(answered, (operation) => operation.invoke);
  const returns = Float64Array.from(answered, (operation) => operation.return ?? 0);
  const byInvoke = Int32Array.from(answered.keys()).sort((a, b) => invokes[a]! - invokes[b]! || a - b);
  const { slots, slotCount } = allot(invokes, returns, byInvoke);
  return {
    classOf: Int32Array.from(answered, classify),
    pending: groupPending(part, classify),
    classes,
    ids: answered.map((operation) => operation.id),
    invokes,
    returns,
    byInvoke,
    slots,
    slotCount,
  };
}

function groupPending<I, O>(part: History<I, O>, classify: (o: Operation<I, O>) => number): PendingClass[] {
  const members = new Map<number, Operation<I, O>[]>();
  for (const operation of part) {
    if (isAnswered(operation)) continue;
    const id = classify(operation);
    const group = members.get(id);
    if (group === undefined) members.set(id, [operation]);
    else group.push(operation);
  }
  return [...members].map(([id, group]) => {
    group.sort((a, b) => a.invoke - b.invoke);
    return {
      class: id,
      ids: group.map((operation) => operation.id),
      invokes: Float64Array.from(group, (operation) => operation.invoke),
    };
  });
}

/**
 * Numbers each operation so that two open at the same time differ. What is placed beyond the first
 * unplaced return is always open at that return, so these numbers make a bit set whose width is the
 * concurrency of the history, not its length.
 */
function allot(invokes: Float64Array, returns: Float64Array, byInvoke: Int32Array) {
  const slots = new Int32Array(invokes.length);
  const free: number[] = [];
  let slotCount = 0;
  let closing = 0;
  for (const operation of byInvoke) {
    // Strictly earlier: a return at the time of an invoke is concurrent with it.
    while (closing < returns.length && returns[closing]! < invokes[operation]!) free.push(slots[closing++]!);
    slots[operation] = free.pop() ?? slotCount++;
  }
  return { slots, slotCount };
}

function isPure<S, I, O>(model: Model<S, I, O>, operation: Operation<I, O>, response: Response<O>): boolean {
  const at = { operation: operation.id };
  let first: boolean;
  let second: boolean;
  try {
    first = model.pure(operation.input, response);
    second = model.pure(operation.input, response);
  } catch (cause) {
    throw new OracleError("model-threw", `${model.name}.pure threw at operation ${operation.id}`, {
      ...at,
      cause,
    });
  }
  if (first !== second) {
    throw new OracleError(
      "model-nondeterministic",
      `${model.name}.pure changed its mind at ${operation.id}`,
      at,
    );
  }
  return first;
}
