import { randomBytes } from "node:crypto";
import { BACKEND, message } from "../wire/messages.ts";
import { HEADER_BYTES, MessageWalker } from "../wire/walker.ts";
import type { Answers } from "./answers.ts";

const SASL = 10;
/** Binds to a TLS channel that ends at the proxy: it cannot be had, and libpq refuses an offer of it without TLS. */
const CHANNEL_BINDING = "SCRAM-SHA-256-PLUS";
const EMPTY = Buffer.alloc(0);

export interface ServerKey {
  readonly pid: number;
  /** The server's own; the client is given another. */
  readonly secret: Buffer;
}

export interface ResponseSink {
  write(bytes: Buffer): void;
  /** The client's key, and the server's that it stands for. */
  key(given: Buffer, real: ServerKey): void;
}

/** What the server sends. Until the first ReadyForQuery two messages may be rewritten, after it none. */
export class Responses {
  readonly #sink: ResponseSink;
  readonly #answers: Answers;
  readonly #upstreamIsTls: boolean;
  readonly #walker: MessageWalker;
  #starting = true;
  #rest: Buffer = EMPTY;

  constructor(sink: ResponseSink, answers: Answers, upstreamIsTls: boolean) {
    this.#sink = sink;
    this.#answers = answers;
    this.#upstreamIsTls = upstreamIsTls;
    this.#walker = new MessageWalker("ZCEIs", (type, bytes, start, end) =>
      answers.heard(type, bytes, start, end),
    );
  }

  push(chunk: Buffer): void {
    if (this.#starting) this.#start(chunk);
    else {
      this.#walker.want(BACKEND.dataRow, this.#answers.wantsRows);
      this.#walker.push(chunk);
      this.#sink.write(chunk);
    }
  }

  #start(chunk: Buffer): void {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#starting && rest.length >= HEADER_BYTES) {
      const size = rest.readInt32BE(1);
      // Not the protocol (an HTTP server, say): the client shall see for itself.
      if (size < 4 || size > 1_000_000) this.#starting = false;
      else if (rest.length < size + 1) break;
      else {
        this.#sink.write(this.#rewritten(rest.subarray(0, size + 1)));
        if (rest[0] === BACKEND.readyForQuery) {
          this.#answers.heard(BACKEND.readyForQuery, rest, HEADER_BYTES, size + 1);
          this.#starting = false;
        }
        rest = rest.subarray(size + 1);
      }
    }
    this.#rest = this.#starting ? rest : EMPTY;
    if (!this.#starting && rest.length > 0) this.push(rest);
  }

  #rewritten(bytes: Buffer): Buffer {
    if (bytes[0] === BACKEND.backendKeyData && bytes.length > HEADER_BYTES + 4)
      return this.#withOwnKey(bytes);
    const isSasl = bytes[0] === BACKEND.authentication && bytes.length >= 9 && bytes.readInt32BE(5) === SASL;
    return isSasl && this.#upstreamIsTls ? withoutChannelBinding(bytes) : bytes;
  }

  /** As long as the server's: 4 bytes in 3.0, up to 256 in 3.2. The process id stays: NOTIFY names it, too. */
  #withOwnKey(bytes: Buffer): Buffer {
    const secret = Buffer.from(bytes.subarray(9));
    const given = randomBytes(secret.length);
    this.#sink.key(given, { pid: bytes.readInt32BE(5), secret });
    return Buffer.concat([bytes.subarray(0, 9), given]);
  }
}

function withoutChannelBinding(bytes: Buffer): Buffer {
  const names = bytes.toString("latin1", 9).split("\0");
  const kept = names.filter((name) => name !== "" && name !== CHANNEL_BINDING);
  const list = Buffer.from(`${kept.map((name) => `${name}\0`).join("")}\0`, "latin1");
  return message(BACKEND.authentication, Buffer.concat([bytes.subarray(5, 9), list]));
}
