import { MOST_BODY_BYTES, tooLarge } from "../../answer.ts";
import { Http2Error } from "./errors.ts";
import type { Field } from "./hpack.ts";

/** An answer that is complete. */
export interface Answer {
  readonly status: number;
  /** Lower-case names; what comes several times stands in one value, separated by commas (RFC 9110 §5.3). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** When its end came, ms. */
  readonly at: number;
}

/** What is left to send of a request: `early` may go at any time, `head` and `last` only when it was released. */
export interface Upload {
  /** The whole of a request without a body. */
  head?: Buffer | undefined;
  early: Buffer;
  readonly last: Buffer;
  released: boolean;
  done: boolean;
}

/** One request and what has come of it (RFC 9113 §8.1). */
export class Stream {
  /** 0 until the stream is opened. */
  id = 0;
  readonly upload: Upload;
  /** Bytes that the server takes on this stream before it has to ask for more. */
  window: number;
  readonly answer: Promise<Answer>;
  #resolve: (answer: Answer) => void = () => {};
  #reject: (cause: Error) => void = () => {};
  #status: number | undefined;
  #headers: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #settled = false;

  readonly #onAnswer: (at: number) => void;

  /** `onAnswer` is called when the headers of the answer are there, with when they came, ms. */
  constructor(body: Buffer, window: number, onAnswer: (at: number) => void = () => {}) {
    this.#onAnswer = onAnswer;
    this.window = window;
    this.upload = { early: body.subarray(0, -1), last: body.subarray(-1), released: false, done: false };
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who asks for it may come later than the failure.
    this.answer.catch(() => {});
  }

  get settled(): boolean {
    return this.#settled;
  }

  headers(fields: readonly Field[], at: number): void {
    const status = fields.find(([name]) => name === ":status")?.[1];
    // Trailers have none; they come when the headers are there.
    if (this.#status !== undefined) return;
    if (status === undefined || !/^[1-5]\d\d$/.test(status))
      throw new Http2Error("PROTOCOL_ERROR", "an answer without a status");
    // 100 Continue and 103 Early Hints come before the answer.
    if (status.startsWith("1")) return;
    this.#onAnswer(at);
    this.#status = Number(status);
    const headers: Record<string, string> = Object.create(null);
    for (const [name, value] of fields) {
      if (name.startsWith(":")) continue;
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    }
    this.#headers = { ...headers };
  }

  data(chunk: Buffer): void {
    if (this.#status === undefined) throw new Http2Error("PROTOCOL_ERROR", "a body before its headers");
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_BODY_BYTES) {
      this.fail(tooLarge());
      throw new Http2Error("CANCEL", "an answer that is too long");
    }
    this.#chunks.push(chunk);
  }

  end(at: number): void {
    if (this.#status === undefined) throw new Http2Error("PROTOCOL_ERROR", "an answer without headers");
    this.#settled = true;
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks), at });
  }

  fail(cause: Error): void {
    this.#settled = true;
    this.#reject(cause);
  }
}
