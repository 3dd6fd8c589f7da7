import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "./connection.ts";
import { encodeFrame, FLAG, FRAME, type Frame, FrameReader, PREFACE, windowUpdate } from "./frames.ts";
import { encodeFields } from "./hpack.ts";
import { ACKNOWLEDGED } from "./settings.ts";

/** A socket whose other end is the test. */
class Wire extends Duplex {
  readonly writes: Buffer[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(Buffer.from(chunk));
    done();
  }

  readonly noDelay: boolean[] = [];

  setNoDelay(on: boolean): this {
    this.noDelay.push(on);
    return this;
  }

  receive(...frames: readonly Frame[]): void {
    this.push(Buffer.concat(frames.map(encodeFrame)));
  }

  /** Frames of the last write. */
  get last(): Frame[] {
    return [...new FrameReader().push(this.writes.at(-1) ?? Buffer.alloc(0))];
  }

  /** ms. */
  now = 0;

  /** All frames; writes need not end where frames do. */
  get sent(): Frame[] {
    return [...new FrameReader().push(Buffer.concat(this.writes).subarray(PREFACE.length))];
  }
}

const frame = (type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Frame => ({
  type,
  flags,
  stream,
  payload,
});
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const settings = (hex: string) => frame(FRAME.settings, 0, 0, Buffer.from(hex, "hex"));
const FIELDS = [[":method", "POST"]] as const;

async function greeted(hex = ""): Promise<{ wire: Wire; connection: Connection }> {
  const wire = new Wire();
  const connection = new Connection(wire as unknown as Socket, () => wire.now);
  wire.receive(settings(hex));
  await connection.greeted();
  await turn();
  return { wire, connection };
}

describe("an HTTP/2 connection", () => {
  it("begins with the preface and its settings", async () => {
    const { wire } = await greeted();
    const [first = Buffer.alloc(0)] = wire.writes;
    expect(first.subarray(0, PREFACE.length)).toEqual(PREFACE);
    const frames = [...new FrameReader().push(first.subarray(PREFACE.length))];
    expect(frames.map(({ type }) => type)).toEqual([FRAME.settings, FRAME.windowUpdate]);
  });

  it("keeps the last byte of each body back, and sends those that are released in one turn as one write", async () => {
    const { wire, connection } = await greeted();
    const streams = Array.from({ length: 100 }, () => connection.request(FIELDS, Buffer.from("{}")));
    await turn();
    const before = wire.writes.length;
    for (const stream of streams) connection.release(stream);
    await turn();
    expect(wire.writes).toHaveLength(before + 1);
    expect(wire.last).toHaveLength(100);
    for (const { type, flags, payload } of wire.last)
      expect([type, flags, payload.toString()]).toEqual([FRAME.data, FLAG.endStream, "}"]);
    // Fits into one segment of 1,460 bytes.
    expect(wire.writes.at(-1)?.length).toBeLessThanOrEqual(1460);
  });

  it("sends a PING of its own before a large release, which the kernel holds until it is acknowledged", async () => {
    const { wire, connection } = await greeted();
    const streams = Array.from({ length: 100 }, () => connection.request(FIELDS, Buffer.from("{}")));
    await turn();
    const before = wire.writes.length;
    connection.wakeFirst();
    for (const stream of streams) connection.release(stream);
    await turn();
    const [ping, closing, ...more] = wire.writes
      .slice(before)
      .map((bytes) => [...new FrameReader().push(bytes)]);
    expect(ping?.map(({ type, flags }) => [type, flags])).toEqual([[FRAME.ping, 0]]);
    expect(closing).toHaveLength(100);
    expect(more).toEqual([]);
    expect(wire.noDelay).toEqual([false]);
  });

  it("sends what is more than a segment at once: the first segments of it would not be held", async () => {
    const { wire, connection } = await greeted();
    const streams = Array.from({ length: 100 }, () =>
      connection.request([...FIELDS, ["x", "y".repeat(50)]], Buffer.alloc(0)),
    );
    connection.wakeFirst();
    const before = wire.writes.length;
    for (const stream of streams) connection.release(stream);
    await turn();
    expect(wire.writes).toHaveLength(before + 1);
    expect(wire.noDelay).toEqual([]);
  });

  it("keeps room for the ends of all requests on a connection that is full", async () => {
    const { wire, connection } = await greeted("00047fffffff");
    const streams = [1, 2].map(() => connection.request(FIELDS, Buffer.alloc(50_000, "x")));
    for (const stream of streams) connection.release(stream);
    await turn();
    const bytes = wire.sent.filter(({ type }) => type === FRAME.data).map(({ payload }) => payload.length);
    // The first is whole; of the second all but one byte of what is left to the connection, and that for its end.
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBe(65_535 - 1);
    wire.receive(windowUpdate(0, 100_000));
    await turn();
    await turn();
    expect(wire.sent.at(-1)).toMatchObject({ type: FRAME.data, flags: FLAG.endStream, stream: 3 });
  });

  it("sends nothing on a stream that was reset", async () => {
    const { wire, connection } = await greeted();
    const stream = connection.request(FIELDS, Buffer.from("{}"));
    wire.receive(frame(FRAME.reset, 0, 1, Buffer.from("00000007", "hex")));
    await expect(stream.answer).rejects.toMatchObject({ code: "REFUSED_STREAM" });
    await turn();
    const before = wire.writes.length;
    connection.release(stream);
    await turn();
    expect(wire.writes).toHaveLength(before);
  });

  it("splits headers that are longer than a frame", async () => {
    const { wire, connection } = await greeted();
    await turn();
    const before = wire.writes.length;
    connection.request([...FIELDS, ["x-long", "y".repeat(40_000)]], Buffer.from("{}"));
    await turn();
    const bytes = Buffer.concat(wire.writes.slice(before));
    const all = [...new FrameReader().push(bytes)].slice(0, 3);
    expect(all.map(({ type }) => type)).toEqual([FRAME.headers, FRAME.continuation, FRAME.continuation]);
    expect(all.map(({ flags }) => flags)).toEqual([0, 0, FLAG.endHeaders]);
  });
});

const answer = (stream: number): Frame[] => [
  frame(
    FRAME.headers,
    FLAG.endHeaders,
    stream,
    encodeFields([
      [":status", "200"],
      ["a", "b"],
    ]),
  ),
  frame(FRAME.data, 0, stream, Buffer.from("{}")),
  frame(FRAME.data, FLAG.endStream, stream),
];
const VALID = [
  ACKNOWLEDGED,
  frame(FRAME.ping, FLAG.ack, 0, Buffer.alloc(8)),
  ...answer(1),
  windowUpdate(0, 7),
  ...answer(3),
  settings("000400001000"),
  ...answer(5),
  frame(FRAME.goAway, 0, 0, Buffer.alloc(8)),
].map(encodeFrame);

describe("reading later", () => {
  // Not by the clock: on a busy machine 5 ms are over before the test has looked.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function asked() {
    const { wire, connection } = await greeted();
    const heads: number[] = [];
    const stream = connection.request(FIELDS, Buffer.from("{}"), (at) => heads.push(at));
    connection.release(stream);
    await turn();
    connection.readLater(5);
    return { wire, connection, heads, stream };
  }

  it("tells when an answer came, and not when it was read", async () => {
    const { wire, heads, stream } = await asked();
    const [head, ...rest] = answer(1);
    wire.now = 1;
    wire.receive(head as Frame);
    await turn();
    wire.now = 2;
    wire.receive(...rest);
    await turn();
    expect(stream.settled).toBe(false);
    wire.now = 9;
    vi.advanceTimersByTime(5);
    expect(await stream.answer).toMatchObject({ status: 200, at: 2 });
    expect(heads).toEqual([1]);
  });

  it("loses nothing of what came before the connection ended", async () => {
    const { wire, stream } = await asked();
    wire.receive(...answer(1));
    await turn();
    wire.destroy(new Error("gone"));
    expect(await stream.answer).toMatchObject({ status: 200 });
  });

  it("reads at once again afterwards", async () => {
    const { wire, connection, stream } = await asked();
    wire.receive(...answer(1));
    await turn();
    vi.advanceTimersByTime(5);
    await stream.answer;
    const next = connection.request(FIELDS, Buffer.from("{}"));
    connection.release(next);
    wire.receive(...answer(3));
    await turn();
    await turn();
    expect(next.settled).toBe(true);
  });
});

it("whatever comes, every request has an outcome and nothing is thrown", async () => {
  const edit = fc.record({
    at: fc.nat(),
    bit: fc.nat(7),
    cut: fc.nat(40),
    put: fc.uint8Array({ maxLength: 12 }),
  });
  const bytes = fc.tuple(fc.shuffledSubarray(VALID, { minLength: 1 }), fc.array(edit, { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 200 }), async ([frames, edits], piece) => {
      let input = Buffer.concat(frames);
      for (const { at, bit, cut, put } of edits) {
        const place = at % (input.length + 1);
        if (place < input.length) input[place] = (input[place] ?? 0) ^ (1 << bit);
        if (cut < 20)
          input = Buffer.concat([input.subarray(0, place), Buffer.from(put), input.subarray(place + cut)]);
      }
      const { wire, connection } = await greeted();
      const streams = [0, 1, 2].map(() => connection.request(FIELDS, Buffer.from("{}")));
      for (const stream of streams) connection.release(stream);
      for (let at = 0; at < input.length; at += piece)
        if (!wire.destroyed) wire.push(input.subarray(at, at + piece));
      await turn();
      connection.close();
      const outcomes = await Promise.allSettled(streams.map((one) => one.answer));
      for (const one of outcomes) if (one.status === "rejected") expect(one.reason.code).toMatch(/^[A-Z_]+$/);
    }),
    { numRuns: 1000 },
  );
});
