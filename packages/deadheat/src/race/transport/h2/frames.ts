import { Http2Error } from "./errors.ts";

/** Frame types (RFC 9113 §6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags; END_STREAM and ACK are the same bit on different frames. */
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

const HEADER_BYTES = 9;
/** What a peer may send unless we say that it may be more (§4.2), bytes. */
export const MAX_FRAME_BYTES = 16_384;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** 0 is the connection itself. */
  readonly stream: number;
  readonly payload: Buffer;
}

export function encodeFrame({ type, flags, stream, payload }: Frame): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** Cuts what comes in into frames. Throws Http2Error on one that is longer than was allowed. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  *push(chunk: Buffer): Generator<Frame> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= HEADER_BYTES) {
      const length = this.#rest.readUIntBE(0, 3);
      if (length > MAX_FRAME_BYTES)
        throw new Http2Error(
          "FRAME_SIZE_ERROR",
          `a frame of ${length} bytes came: no HTTP/2, or a broken one`,
        );
      const end = HEADER_BYTES + length;
      if (this.#rest.length < end) return;
      const frame = {
        type: this.#rest[3] as number,
        flags: this.#rest[4] as number,
        stream: this.#rest.readUInt32BE(5) & 0x7fff_ffff,
        payload: this.#rest.subarray(HEADER_BYTES, end),
      };
      this.#rest = this.#rest.subarray(end);
      yield frame;
    }
  }
}

/** The payload without its padding (§6.1) and without a priority (§6.2). */
export function unpadded({ type, flags, payload }: Frame): Buffer {
  let start = 0;
  let end = payload.length;
  if (flags & FLAG.padded) {
    end -= payload[0] ?? 0;
    start = 1;
  }
  if (type === FRAME.headers && flags & FLAG.priority) start += 5;
  if (start > end) throw new Http2Error("PROTOCOL_ERROR", "a frame has more padding than payload");
  return payload.subarray(start, end);
}

export function windowUpdate(stream: number, bytes: number): Frame {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return { type: FRAME.windowUpdate, flags: 0, stream, payload };
}
