import { FRONTEND, textAt } from "./messages.ts";

const STATEMENT = 0x53;

/** What the names of prepared statements and portals stand for on one connection. */
export class PreparedNames {
  readonly #statements = new Map<string, string>();
  readonly #portals = new Map<string, string>();

  /** Keeps what Parse, Bind and Close say. Other messages are none of its business. */
  note(type: number, bytes: Buffer, start: number, end: number): void {
    if (type === FRONTEND.parse) {
      const { text: name, next } = textAt(bytes, start, end);
      this.#statements.set(name, textAt(bytes, next, end).text);
    } else if (type === FRONTEND.bind) {
      const { text: portal, next } = textAt(bytes, start, end);
      this.#portals.set(portal, this.#statements.get(textAt(bytes, next, end).text) ?? "");
    } else if (type === FRONTEND.close) {
      const names = bytes[start] === STATEMENT ? this.#statements : this.#portals;
      names.delete(textAt(bytes, start + 1, end).text);
    }
  }

  /** The statement that an Execute runs; empty where it was bound before anybody looked. */
  executed(bytes: Buffer, start: number, end: number): string {
    return this.#portals.get(textAt(bytes, start, end).text) ?? "";
  }

  /** Portals end with their transaction. */
  transactionEnded(): void {
    this.#portals.clear();
  }
}
