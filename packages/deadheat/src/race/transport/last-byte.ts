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

  /** `onBytes` is called when bytes arrive, before anything is made of them. */
  constructor(socket: Socket, onBytes: () => void = () => {}) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      onBytes();
      this.#later(() => {
        if (!this.push(chunk)) socket.pause();
      });
    });
    socket.on("end", () => this.#later(() => this.push(null)));
    socket.on("error", (cause) => this.#later(() => this.destroy(cause)));
    socket.on("close", () => this.#later(() => this.destroy()));
    // It may be over before anybody listens.
    if (socket.destroyed) this.#later(() => this.destroy(connectionReset()));
  }

  release(): void {
    this.#released = true;
    if (this.#last.length > 0 && !this.#socket.destroyed) this.#socket.write(this.#last);
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

  /** In the order of the events, and after all connections that were readable at once have been stamped. */
  #later(work: () => void): void {
    setImmediate(() => {
      if (!this.destroyed) work();
    });
  }
}

function connectionReset(): Error {
  return Object.assign(new Error("closed"), { code: "ECONNRESET" });
}
