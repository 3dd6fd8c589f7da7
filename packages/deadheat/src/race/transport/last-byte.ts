import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A connection on which the last byte of what is written waits for its release: of a body, or of the head where there is
 * no body. To Node.js's HTTP client it is a socket as any other.
 */
export class LastByteGate extends Duplex {
  readonly #socket: Socket;
  #last: Buffer = Buffer.alloc(0);
  #released = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (cause) => this.destroy(cause));
    socket.on("close", () => this.destroy());
    socket.on("timeout", () => this.emit("timeout"));
  }

  release(): void {
    this.#released = true;
    if (this.#last.length > 0) this.#socket.write(this.#last);
    this.#last = Buffer.alloc(0);
  }

  setNoDelay(noDelay?: boolean): this {
    this.#socket.setNoDelay(noDelay);
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    this.#socket.setTimeout(ms, onTimeout);
    return this;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (cause?: Error | null) => void): void {
    const bytes = Buffer.concat([this.#last, chunk]);
    const early = this.#released ? bytes.length : bytes.length - 1;
    this.#last = bytes.subarray(early);
    this.#socket.write(bytes.subarray(0, early), done);
  }

  /** The request is whole; the connection is not: an end would tell the server that nobody waits for an answer. */
  override _final(done: () => void): void {
    done();
  }

  override _destroy(cause: Error | null, done: (cause?: Error | null) => void): void {
    this.#socket.destroy();
    done(cause);
  }
}
