import { Http2Error } from "./errors.ts";
import { FLAG, FRAME, type Frame, MAX_FRAME_BYTES } from "./frames.ts";

/** Identifiers (RFC 9113 §6.5.2). */
const ID = { enablePush: 2, maxConcurrentStreams: 3, initialWindow: 4, maxFrame: 5 } as const;

/** What the server allows us. */
export interface Settings {
  readonly maxConcurrentStreams: number;
  /** Bytes of a stream's body before it has to ask for more. */
  readonly initialWindow: number;
  readonly maxFrame: number;
}

export const INITIAL_WINDOW = 65_535;
export const LARGEST_WINDOW = 0x7fff_ffff;
/** For answers on each stream and on the connection, bytes: no answer waits for our WINDOW_UPDATE. */
export const OUR_WINDOW = 16 * 1024 * 1024;

export const DEFAULTS: Settings = {
  maxConcurrentStreams: Number.POSITIVE_INFINITY,
  initialWindow: INITIAL_WINDOW,
  maxFrame: MAX_FRAME_BYTES,
};

export const OURS: Frame = {
  type: FRAME.settings,
  flags: 0,
  stream: 0,
  payload: encoded([
    [ID.enablePush, 0],
    [ID.initialWindow, OUR_WINDOW],
  ]),
};

export const ACKNOWLEDGED: Frame = {
  type: FRAME.settings,
  flags: FLAG.ack,
  stream: 0,
  payload: Buffer.alloc(0),
};

function encoded(pairs: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(6 * pairs.length);
  for (const [index, [id, value]] of pairs.entries()) {
    payload.writeUInt16BE(id, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  }
  return payload;
}

/** The settings with those of one frame. Throws Http2Error where a value is not allowed. */
export function withSettings(settings: Settings, payload: Buffer): Settings {
  if (payload.length % 6 !== 0) throw new Http2Error("FRAME_SIZE_ERROR", "SETTINGS of a broken length");
  let changed = settings;
  for (let at = 0; at < payload.length; at += 6) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case ID.maxConcurrentStreams:
        changed = { ...changed, maxConcurrentStreams: value };
        break;
      case ID.initialWindow:
        if (value > LARGEST_WINDOW) throw new Http2Error("FLOW_CONTROL_ERROR", "a window above 2^31-1");
        changed = { ...changed, initialWindow: value };
        break;
      case ID.maxFrame:
        if (value < MAX_FRAME_BYTES || value > 0xff_ffff)
          throw new Http2Error("PROTOCOL_ERROR", "a frame size that is not allowed");
        changed = { ...changed, maxFrame: value };
        break;
    }
  }
  return changed;
}
