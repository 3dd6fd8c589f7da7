import type { Socket } from "node:net";
import { encodeFrame, FLAG, FRAME, type Frame, FrameReader, PREFACE } from "../race/transport/h2/frames.ts";
import { encodeFields } from "../race/transport/h2/hpack.ts";
import { ACKNOWLEDGED } from "../race/transport/h2/settings.ts";

export const frame = (
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Frame => ({ type, flags, stream, payload });

export const SETTINGS = frame(FRAME.settings, 0, 0);

export const answerOn = (stream: number): Frame[] => [
  frame(FRAME.headers, FLAG.endHeaders, stream, encodeFields([[":status", "200"]])),
  frame(FRAME.data, FLAG.endStream, stream, Buffer.from("{}")),
];

export type Hostile = (send: (frames: readonly Frame[]) => void, socket: Socket) => void;

/** Greets and answers PINGs as HTTP/2 has it, and does something else when a first request is whole. */
export function speaking(onWhole: Hostile, greeting: readonly Frame[] = [SETTINGS]) {
  return (socket: Socket): void => {
    const send = (frames: readonly Frame[]) => {
      if (!socket.destroyed) socket.write(Buffer.concat(frames.map(encodeFrame)));
    };
    const reader = new FrameReader();
    let rest: Buffer | undefined = Buffer.alloc(0);
    let done = false;
    send(greeting);
    socket.on("data", (chunk: Buffer) => {
      const bytes: Buffer = rest ? Buffer.concat([rest, chunk]) : chunk;
      if (rest && bytes.length < PREFACE.length) {
        rest = bytes;
        return;
      }
      for (const one of reader.push(rest ? bytes.subarray(PREFACE.length) : bytes)) {
        if (one.type === FRAME.settings && !(one.flags & FLAG.ack)) send([ACKNOWLEDGED]);
        if (one.type === FRAME.ping) send([{ ...one, flags: FLAG.ack }]);
        if (one.type === FRAME.data && one.flags & FLAG.endStream && !done) {
          done = true;
          onWhole(send, socket);
        }
      }
      rest = undefined;
    });
  };
}
