/** Type byte and length (PostgreSQL documentation, Message Formats). */
export const HEADER_BYTES = 5;
/** Of a message that comes in pieces no more is kept: a statement is told by its beginning. */
const KEPT_BYTES = 64 * 1024;

/**
 * Receives a message: its type, and where its payload stands in `bytes`. Of one that came in pieces the payload may
 * be cut short; `bytes` must not be kept, it is the buffer that was read into.
 */
export type OnMessage = (type: number, bytes: Buffer, start: number, end: number) => void;

/**
 * Walks along a stream of typed messages without copying what lies within one chunk. It sees the stream as it
 * passes by and never changes it, so that a peer that speaks nonsense is still passed on.
 */
export class MessageWalker {
  readonly #wanted: Uint8Array;
  readonly #onMessage: OnMessage;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  /** Payload bytes of the message under way that are still to come. */
  #left = 0;
  #kept: Buffer[] | undefined;
  #keptBytes = 0;
  #lost = false;

  constructor(wanted: string, onMessage: OnMessage) {
    this.#wanted = new Uint8Array(256);
    for (const type of wanted) this.#wanted[type.charCodeAt(0)] = 1;
    this.#onMessage = onMessage;
  }

  /** Receives messages of this type from now on, or no more. */
  want(type: number, wanted: boolean): void {
    this.#wanted[type] = wanted ? 1 : 0;
  }

  /** The last message is complete. */
  get atBoundary(): boolean {
    return this.#headerBytes === 0 && this.#left === 0;
  }

  /** A length that cannot be was met: what follows is not understood any more. */
  get lost(): boolean {
    return this.#lost;
  }

  push(chunk: Buffer): void {
    let at = this.finish(chunk);
    while (at < chunk.length && !this.#lost) {
      const whole = this.atBoundary && chunk.length - at >= HEADER_BYTES;
      const size = whole ? chunk.readInt32BE(at + 1) : undefined;
      if (size !== undefined && size < 4) this.#lost = true;
      else if (size !== undefined && at + 1 + size <= chunk.length) {
        const type = chunk[at] as number;
        const end = at + 1 + size;
        if (this.#wanted[type] === 1) this.#onMessage(type, chunk, at + HEADER_BYTES, end);
        at = end;
      } else at += this.#take(chunk, at);
    }
  }

  /** Walks to the end of the message that is under way, and no further; gives how many bytes that took. */
  finish(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length && !this.atBoundary && !this.#lost) at += this.#take(chunk, at);
    return at;
  }

  /** Takes a piece of a message that is not whole in this chunk. */
  #take(chunk: Buffer, from: number): number {
    if (this.#left === 0) {
      const count = Math.min(HEADER_BYTES - this.#headerBytes, chunk.length - from);
      chunk.copy(this.#header, this.#headerBytes, from, from + count);
      this.#headerBytes += count;
      if (this.#headerBytes === HEADER_BYTES) this.#open();
      return count;
    }
    const count = Math.min(this.#left, chunk.length - from);
    if (this.#kept && this.#keptBytes < KEPT_BYTES) {
      const piece = Buffer.from(chunk.subarray(from, from + Math.min(count, KEPT_BYTES - this.#keptBytes)));
      this.#kept.push(piece);
      this.#keptBytes += piece.length;
    }
    this.#left -= count;
    if (this.#left === 0) this.#close();
    return count;
  }

  #open(): void {
    const size = this.#header.readInt32BE(1);
    if (size < 4) {
      this.#lost = true;
      return;
    }
    this.#left = size - 4;
    this.#keptBytes = 0;
    this.#kept = this.#wanted[this.#header[0] as number] === 1 ? [] : undefined;
    if (this.#left === 0) this.#close();
  }

  #close(): void {
    const kept = this.#kept;
    this.#headerBytes = 0;
    this.#kept = undefined;
    if (!kept) return;
    const payload = kept.length === 1 ? (kept[0] as Buffer) : Buffer.concat(kept);
    this.#onMessage(this.#header[0] as number, payload, 0, payload.length);
  }
}
