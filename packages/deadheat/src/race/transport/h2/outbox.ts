import type { Socket } from "node:net";
import { encodeFrame, type Frame } from "./frames.ts";

/** Largest piece of one TLS record (RFC 8446 §5.1), bytes. */
const RECORD_BYTES = 16_384;
/** What fits into one segment on any path of IPv6 (RFC 8200 §5: 1,280 bytes) beside the headers and a TLS record's own. */
const SEGMENT_BYTES = 1180;

/** What is sent in one turn of the event loop leaves in one write: one TLS record and, where it fits, one segment. */
export class Outbox {
  readonly #socket: Socket;
  #frames: Buffer[] = [];
  #herald: Buffer | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(frame: Frame): void {
    if (this.#frames.length === 0) queueMicrotask(() => this.#flush());
    this.#frames.push(encodeFrame(frame));
  }

  /**
   * Leaves in a segment of its own just before what is sent next, which the kernel holds until the server has
   * acknowledged this (Nagle, RFC 896): not more than one segment of it, for what is more would leave in two parts.
   */
  herald(frame: Frame): void {
    this.#herald = encodeFrame(frame);
  }

  sendBytes(bytes: Buffer): void {
    if (this.#frames.length === 0) queueMicrotask(() => this.#flush());
    this.#frames.push(bytes);
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#frames);
    this.#frames = [];
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#herald && bytes.length <= SEGMENT_BYTES) {
      this.#socket.setNoDelay(false);
      this.#socket.write(this.#herald);
    }
    this.#herald = undefined;
    for (let at = 0; at < bytes.length; at += RECORD_BYTES)
      this.#socket.write(bytes.subarray(at, at + RECORD_BYTES));
  }
}
