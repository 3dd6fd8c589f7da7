import type { SqlResult, SqlStatement } from "../../plan/interleaving.ts";
import type { Answer, Statement, TransactionState } from "../proxy/observer.ts";
import type { SqlAnalyser, SqlFacts } from "./sql.ts";

export interface Recorded {
  readonly statement: Statement;
  readonly facts: SqlFacts;
  answer?: Answer;
  after?: TransactionState;
  readonly rows: Row[];
}

type Row = readonly (Uint8Array | null)[];

/** Of one statement: what the state is read from is a row, a list, or the rows that are counted. */
const MOST_ROWS = 1000;

/** Notes the statements of one request, in the order in which they came. */
export class Recorder {
  readonly recorded: Recorded[] = [];
  readonly #analyser: SqlAnalyser;

  constructor(analyser: SqlAnalyser) {
    this.#analyser = analyser;
  }

  note(statement: Statement): Recorded {
    const recorded = { statement, facts: this.#analyser.analyse(statement.text), rows: [] };
    this.recorded.push(recorded);
    return recorded;
  }

  row(statement: Statement, columns: readonly (Buffer | null)[]): void {
    // Answers come in the order of the statements, and the last of them is almost always the one.
    const recorded = this.recorded.findLast((one) => one.statement === statement);
    if (recorded && recorded.rows.length < MOST_ROWS)
      recorded.rows.push(columns.map((one) => one && Uint8Array.from(one)));
  }

  answered(statement: Statement, answer: Answer, after: TransactionState): void {
    const recorded = this.recorded.find((one) => one.statement === statement);
    if (recorded) Object.assign(recorded, { answer, after });
  }

  results(): SqlResult[] {
    return this.recorded.map(({ facts: { fingerprint }, rows }) => ({ fingerprint, rows }));
  }

  /** With transactions numbered: what lies between one idle state of a connection and the next is one. */
  statements(): SqlStatement[] {
    let transactions = 0;
    const current = new Map<number, number>();
    return this.recorded.map(({ statement, facts, answer = {}, after }) => {
      const { id } = statement.connection;
      if (statement.before === "idle") current.delete(id);
      if (!current.has(id) && (statement.before !== "idle" || (after !== undefined && after !== "idle")))
        current.set(id, ++transactions);
      const transaction = current.get(id);
      const { isolation: _, ...shown } = facts;
      return {
        ...shown,
        connection: id,
        ...(transaction === undefined ? {} : { transaction }),
        ...answer,
      };
    });
  }
}
