import type { Socket } from "node:net";
import { encodeFrame, type Frame } from "./frames.ts";

/** Largest piece of one TLS record (RFC 8446 §5.1), bytes. */
const RECORD_BYTES = 16_384;

/** What is sent in one turn of the event loop leaves in one write: one TLS record and, where it fits, one segment. */
export class Outbox {
  readonly #socket: Socket;
  #frames: Buffer[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(frame: Frame): void {
    if (this.#frames.length === 0) queueMicrotask(() => this.#flush());
    this.#frames.push(encodeFrame(frame));
  }

  sendBytes(bytes: Buffer): void {
    if (this.#frames.length === 0) queueMicrotask(() => this.#flush());
    this.#frames.push(bytes);
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#frames);
    this.#frames = [];
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    for (let at = 0; at < bytes.length; at += RECORD_BYTES)
      this.#socket.write(bytes.subarray(at, at + RECORD_BYTES));
  }
}
