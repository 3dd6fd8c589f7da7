import type { SqlStatement } from "../../plan/interleaving.ts";
import type { Answer, Statement, TransactionState } from "../proxy/observer.ts";
import type { SqlAnalyser, SqlFacts } from "./sql.ts";

export interface Recorded {
  readonly statement: Statement;
  readonly facts: SqlFacts;
  answer?: Answer;
  after?: TransactionState;
}

/** Notes the statements of one request, in the order in which they came. */
export class Recorder {
  readonly recorded: Recorded[] = [];
  readonly #analyser: SqlAnalyser;

  constructor(analyser: SqlAnalyser) {
    this.#analyser = analyser;
  }

  note(statement: Statement): Recorded {
    const recorded = { statement, facts: this.#analyser.analyse(statement.text) };
    this.recorded.push(recorded);
    return recorded;
  }

  answered(statement: Statement, answer: Answer, after: TransactionState): void {
    const recorded = this.recorded.find((one) => one.statement === statement);
    if (recorded) Object.assign(recorded, { answer, after });
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
