import { FRONTEND, textAt } from "../wire/messages.ts";
import { PreparedNames } from "../wire/names.ts";
import { HEADER_BYTES, MessageWalker } from "../wire/walker.ts";
import type { Answers } from "./answers.ts";
import type { Connection, Observer, Statement } from "./observer.ts";

const EMPTY = Buffer.alloc(0);
/** A longer message is passed on without being looked at: nobody writes such a statement between check and act. */
const LONGEST_LOOKED_AT = 4 * 1024 * 1024;
/** Kept back until it is known whether a statement follows: Bind already takes its snapshot. */
const PREPARES: ReadonlySet<number> = new Set([FRONTEND.parse, FRONTEND.bind, FRONTEND.close, 0x44]);

export interface RequestSink {
  /** Hands bytes on to the server, unchanged and in order. */
  write(bytes: Buffer): void;
  /** No more is read from the client until `resume`. */
  pause(): void;
  resume(): void;
  /** A statement went by that may set an isolation level. */
  isolationSet(): void;
}

/**
 * What a client sends after its startup. While nobody looks, each chunk goes on as it came, and only the names of
 * prepared statements are kept. While somebody does, messages go on one at a time and may be held before a statement.
 */
export class Requests {
  readonly names = new PreparedNames();
  readonly #sink: RequestSink;
  readonly #connection: Connection;
  readonly #answers: Answers;
  readonly #observer: () => Observer | undefined;
  readonly #walker: MessageWalker;
  /** Not yet handed on: messages before a statement, and what came after them. */
  #unit: Buffer[] = [];
  #rest: Buffer = EMPTY;
  #held = false;

  constructor(
    connection: Connection,
    sink: RequestSink,
    answers: Answers,
    observer: () => Observer | undefined,
  ) {
    this.#connection = connection;
    this.#sink = sink;
    this.#answers = answers;
    this.#observer = observer;
    this.#walker = new MessageWalker("PCQSFcf", (type, bytes, start, end) => {
      if (setsIsolation(type, bytes, start, end)) sink.isolationSet();
      this.names.note(type, bytes, start, end);
      this.#answers.passed(type);
    });
  }

  push(chunk: Buffer): void {
    if (this.#held) {
      this.#rest = join(this.#rest, chunk);
    } else if (this.#observer() && !this.#walker.lost) {
      const passed = this.#walker.finish(chunk);
      if (passed > 0) this.#sink.write(chunk.subarray(0, passed));
      this.#rest = join(this.#rest, passed === 0 ? chunk : chunk.subarray(passed));
      this.#look();
    } else {
      this.flush();
      this.#walker.push(chunk);
      this.#sink.write(chunk);
    }
  }

  /** Hands on what was kept back; for when nobody looks any more. */
  flush(): void {
    if (this.#held) return;
    this.#emit();
    if (this.#rest.length === 0) return;
    const rest = this.#rest;
    this.#rest = EMPTY;
    this.#walker.push(rest);
    this.#sink.write(rest);
  }

  #emit(): void {
    for (const bytes of this.#unit) this.#sink.write(bytes);
    this.#unit = [];
  }

  #look(): void {
    while (!this.#held) {
      const rest = this.#rest;
      if (rest.length < HEADER_BYTES) return;
      const size = rest.readInt32BE(1);
      if (size < 4 || size > LONGEST_LOOKED_AT || !this.#observer()) {
        this.flush();
        return;
      }
      if (rest.length < size + 1) return;
      this.#rest = rest.subarray(size + 1);
      this.#message(rest.subarray(0, size + 1));
    }
  }

  #message(bytes: Buffer): void {
    const type = bytes[0] as number;
    this.names.note(type, bytes, HEADER_BYTES, bytes.length);
    this.#unit.push(bytes);
    if (PREPARES.has(type)) return;
    const statement = this.#statementIn(type, bytes);
    if (!statement) {
      this.#answers.passed(type);
      this.#emit();
      return;
    }
    const hold = this.#observer()?.statement(statement);
    if (!hold) {
      this.#hand(statement);
      return;
    }
    this.#held = true;
    this.#sink.pause();
    const go = () => {
      this.#held = false;
      this.#hand(statement);
      this.#look();
      if (!this.#held) this.#sink.resume();
    };
    hold.then(go, go);
  }

  #hand(statement: Statement): void {
    this.#answers.asked(statement);
    this.#emit();
  }

  #statementIn(type: number, bytes: Buffer): Statement | undefined {
    const at = { connection: this.#connection, before: this.#answers.state };
    if (type === FRONTEND.query)
      return { ...at, protocol: "simple", text: textAt(bytes, HEADER_BYTES, bytes.length).text };
    if (type !== FRONTEND.execute) return undefined;
    return { ...at, protocol: "extended", text: this.names.executed(bytes, HEADER_BYTES, bytes.length) };
  }
}

const LONGEST_SETTING = 400;

/** Only a hint, taken as yes where in doubt: nobody parses statements that nobody looks at. */
function setsIsolation(type: number, bytes: Buffer, start: number, end: number): boolean {
  if (end - start > LONGEST_SETTING || (type !== FRONTEND.query && type !== FRONTEND.parse)) return false;
  const text = bytes.toString("latin1", start, end);
  return /isolation/i.test(text) && !/read committed/i.test(text);
}

function join(a: Buffer, b: Buffer): Buffer {
  return a.length === 0 ? b : b.length === 0 ? a : Buffer.concat([a, b]);
}
