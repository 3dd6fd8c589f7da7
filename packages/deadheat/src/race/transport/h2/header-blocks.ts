import { Http2Error } from "./errors.ts";
import { FLAG, FRAME, type Frame, unpadded } from "./frames.ts";
import { type Field, FieldDecoder } from "./hpack.ts";

/** Of one answer's headers before they are unpacked, bytes; empty frames cost something, too. */
const MOST_BYTES = 256 * 1024;
const FRAME_COST = 9;

export interface HeaderBlock {
  readonly stream: number;
  readonly fields: readonly Field[];
  /** The answer has no body, or these are its trailers. */
  readonly ends: boolean;
}

/** Puts HEADERS and their CONTINUATION together (RFC 9113 §4.3). */
export class HeaderBlocks {
  readonly #decoder = new FieldDecoder();
  #open: { readonly stream: number; readonly ends: boolean; readonly parts: Buffer[] } | undefined;
  #bytes = 0;

  /** Between the parts of a block nothing else may come. Throws Http2Error. */
  assertInTurn({ type, stream }: Frame): void {
    if (this.#open && (type !== FRAME.continuation || stream !== this.#open.stream))
      throw new Http2Error("PROTOCOL_ERROR", "a frame between HEADERS and their CONTINUATION");
  }

  /** The block, once it is whole. Throws Http2Error. */
  take(frame: Frame): HeaderBlock | undefined {
    const { type, flags, stream, payload } = frame;
    if (type === FRAME.headers) {
      this.#open = { stream, ends: (flags & FLAG.endStream) !== 0, parts: [] };
      this.#bytes = 0;
    }
    const open = this.#open;
    if (!open) throw new Http2Error("PROTOCOL_ERROR", "a CONTINUATION without HEADERS");
    const part = type === FRAME.headers ? unpadded(frame) : payload;
    open.parts.push(part);
    this.#bytes += part.length + FRAME_COST;
    if (this.#bytes > MOST_BYTES) throw new Http2Error("ENHANCE_YOUR_CALM", "too many headers");
    if (!(flags & FLAG.endHeaders)) return undefined;
    this.#open = undefined;
    // Decoded also where nobody waits for it any more: later blocks build on its table.
    const fields = this.#decoder.decode(Buffer.concat(open.parts));
    return { stream: open.stream, ends: open.ends, fields };
  }
}
