import { BACKEND, columnsOf, FRONTEND, sqlState, textAt } from "../wire/messages.ts";
import type { Answer, Observer, Statement, TransactionState } from "./observer.ts";

interface Pending {
  readonly statement: Statement;
  answer?: Answer;
}

/** What the server answers with one ReadyForQuery. */
interface Cycle {
  readonly by: "query" | "sync";
  readonly statements: readonly Pending[];
}

const NOBODY_LOOKS: readonly Pending[] = [];
const QUERY: Cycle = { by: "query", statements: NOBODY_LOOKS };
const SYNC: Cycle = { by: "sync", statements: NOBODY_LOOKS };
const STATES: Readonly<Record<number, TransactionState>> = { 73: "idle", 84: "open", 69: "failed" };

/** Tells which answer of the server belongs to which statement of one connection. */
export class Answers {
  state: TransactionState = "idle";
  readonly #cycles: Cycle[] = [];
  /** Executed, and not yet followed by a Sync. */
  #open: Pending[] = [];
  readonly #observer: () => Observer | undefined;
  readonly #onIdle: () => void;

  constructor(observer: () => Observer | undefined, onIdle: () => void) {
    this.#observer = observer;
    this.#onIdle = onIdle;
  }

  /** A message of the client's that is handed on without anybody looking. */
  passed(type: number): void {
    if (type === FRONTEND.query || type === FRONTEND.functionCall) this.#cycles.push(QUERY);
    else if (type === FRONTEND.sync) this.#sync();
    // While COPY was under way, a Sync was not heeded; the client sends another when it is done.
    else if (type === FRONTEND.copyDone || type === FRONTEND.copyFail) {
      if (this.#cycles[0]?.by === "sync") this.#cycles.shift();
    }
  }

  asked(statement: Statement): void {
    const pending = { statement };
    if (statement.protocol === "extended") this.#open.push(pending);
    else this.#cycles.push({ by: "query", statements: [pending] });
  }

  #sync(): void {
    this.#cycles.push(this.#open.length === 0 ? SYNC : { by: "sync", statements: this.#open });
    this.#open = [];
  }

  /** Whether anybody wants to know the rows. */
  get wantsRows(): boolean {
    return this.#observer()?.row !== undefined;
  }

  /** A message of the server's. */
  heard(type: number, bytes: Buffer, start: number, end: number): void {
    if (type === BACKEND.readyForQuery) this.#ready(STATES[bytes[start] ?? 0] ?? "idle");
    else {
      const current = this.#cycles[0]?.statements ?? this.#open;
      const pending = current.find((one) => one.answer === undefined);
      // A simple Query of several statements has one answer each: the last one stands for all.
      const target = pending ?? (this.#cycles[0]?.by === "query" ? current.at(-1) : undefined);
      if (!target) return;
      if (type === BACKEND.dataRow) this.#observer()?.row?.(target.statement, columnsOf(bytes, start, end));
      else target.answer = answerOf(type, bytes, start, end);
    }
  }

  #ready(state: TransactionState): void {
    const cycle = this.#cycles.shift();
    this.state = state;
    if (state === "idle") this.#onIdle();
    const observer = this.#observer();
    for (const { statement, answer } of cycle?.statements ?? NOBODY_LOOKS)
      observer?.answered(statement, answer ?? {}, state);
  }
}

function answerOf(type: number, bytes: Buffer, start: number, end: number): Answer {
  if (type === BACKEND.commandComplete) return { tag: textAt(bytes, start, end).text };
  if (type !== BACKEND.errorResponse) return {};
  const error = sqlState(bytes, start, end);
  return error === undefined ? {} : { error };
}
