import type { Socket } from "node:net";
import { codeNamed, Http2Error, numberOf } from "./errors.ts";
import { FLAG, FRAME, type Frame, FrameReader, PREFACE, unpadded, windowUpdate } from "./frames.ts";
import { HeaderBlocks } from "./header-blocks.ts";
import { encodeFields, type Field } from "./hpack.ts";
import { Outbox } from "./outbox.ts";
import {
  ACKNOWLEDGED,
  DEFAULTS,
  INITIAL_WINDOW,
  LARGEST_WINDOW,
  OUR_WINDOW,
  OURS,
  type Settings,
  withSettings,
} from "./settings.ts";
import { Stream } from "./stream.ts";

const PING: Frame = { type: FRAME.ping, flags: 0, stream: 0, payload: Buffer.alloc(8) };

/**
 * A client's side of one HTTP/2 connection (RFC 9113) that sends the end of a body apart from the rest: nothing that
 * npm or Node.js has lets a caller choose when, and together with what, the last frame leaves.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #now: () => number;
  readonly #outbox: Outbox;
  readonly #reader = new FrameReader();
  readonly #blocks = new HeaderBlocks();
  readonly #streams = new Map<number, Stream>();
  readonly #unopened = new Set<Stream>();
  #settings: Settings = DEFAULTS;
  #window = INITIAL_WINDOW;
  #nextId = 1;
  #received = 0;
  #greeted = false;
  #goingAway = false;
  #failure: Error | undefined;
  readonly #pings: (() => void)[] = [];
  readonly #greeting: Promise<void>;
  #onGreeted: () => void = () => {};
  #onFailed: (cause: Error) => void = () => {};
  readonly #over: Promise<never>;
  #onSpace: (() => void)[] = [];
  /** When what is taken apart at this moment came, ms. */
  #at = 0;
  #unread: { readonly chunk: Buffer; readonly at: number }[] | undefined;
  readonly #takers: Readonly<Record<number, (frame: Frame) => void>> = {
    [FRAME.settings]: (frame) => this.#takeSettings(frame),
    [FRAME.ping]: (frame) => this.#takePing(frame),
    [FRAME.windowUpdate]: (frame) => this.#takeWindow(frame),
    [FRAME.headers]: (frame) => this.#takeHeaders(frame),
    [FRAME.continuation]: (frame) => this.#takeHeaders(frame),
    [FRAME.data]: (frame) => this.#takeData(frame),
    [FRAME.reset]: (frame) => this.#takeReset(frame),
    [FRAME.goAway]: (frame) => this.#takeGoAway(frame),
    [FRAME.pushPromise]: () => {
      throw new Http2Error("PROTOCOL_ERROR", "a PUSH_PROMISE, although pushes are not enabled");
    },
  };

  /** On a socket that is connected; `now` tells when something came, ms. */
  constructor(socket: Socket, now: () => number) {
    this.#socket = socket;
    this.#now = now;
    this.#outbox = new Outbox(socket);
    this.#greeting = new Promise((resolve) => {
      this.#onGreeted = resolve;
    });
    this.#over = new Promise((_resolve, reject) => {
      this.#onFailed = reject;
    });
    this.#over.catch(() => {});
    socket.on("data", (chunk: Buffer) => this.#arrived(chunk));
    socket.on("error", (cause) => this.#fail(cause));
    socket.on("close", () => this.#fail(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    // It may be over before anybody listens; and what came through a SOCKS proxy was paused.
    if (socket.destroyed) this.#fail(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    socket.resume();
    this.#outbox.sendBytes(PREFACE);
    this.#outbox.send(OURS);
    this.#outbox.send(windowUpdate(0, OUR_WINDOW - INITIAL_WINDOW));
  }

  /** Resolves once the server has sent its settings. Rejects where it does not speak HTTP/2. */
  greeted(): Promise<void> {
    return Promise.race([this.#greeting, this.#over]);
  }

  /** How many requests the server works on at once. */
  get mostStreams(): number {
    return this.#settings.maxConcurrentStreams;
  }

  /**
   * Sends a request but for the last byte of its body. One without a body waits as a whole: many servers work on it when
   * its headers are there, and do not wait for an END_STREAM that comes in a frame of its own. Throws Http2Error.
   */
  request(fields: readonly Field[], body: Buffer, onAnswer: (at: number) => void = () => {}): Stream {
    if (this.#failure) throw this.#failure;
    if (this.#goingAway) throw new Http2Error("REFUSED_STREAM", "the server closes the connection");
    const stream = new Stream(body, this.#settings.initialWindow, onAnswer);
    const head = encodeFields(fields);
    if (body.length > 0) {
      this.#open(stream, head, 0);
      this.#pump(stream);
    } else {
      stream.upload.head = head;
      this.#unopened.add(stream);
    }
    return stream;
  }

  /** Lets the rest of a request go; those of one turn of the event loop leave together. */
  release(stream: Stream): void {
    const { upload } = stream;
    upload.released = true;
    // Numbers go up in the order in which streams are opened (§5.1.1), so that it has none before.
    if (this.#unopened.delete(stream) && upload.head) {
      upload.done = true;
      this.#open(stream, upload.head, FLAG.endStream);
      upload.head = undefined;
    } else this.#pump(stream);
  }

  /** What is released next reaches a server that has just answered a PING, and is awake (docs/decisions/0014). */
  wakeFirst(): void {
    this.#outbox.herald(PING);
  }

  /**
   * For so long, ms, what comes is only noted, with its time: taking it apart keeps a server on the same machine from the
   * requests that it has not read yet (measured: docs/decisions/0012).
   */
  readLater(ms: number): void {
    this.#unread ??= [];
    setTimeout(() => this.#catchUp(), ms);
  }

  /** Resolves when the server has read all that may be sent before a release. Rejects when the connection fails. */
  async barrier(): Promise<void> {
    while ([...this.#streams.values()].some((one) => one.upload.early.length > 0)) {
      const space = new Promise<void>((resolve) => this.#onSpace.push(resolve));
      await Promise.race([space, this.#over]);
    }
    await this.#ping();
  }

  cancel(stream: Stream, cause: Error): void {
    if (stream.settled) return;
    if (!this.#unopened.delete(stream)) this.#reset(stream, "CANCEL");
    stream.fail(cause);
  }

  close(): void {
    this.#unread = undefined;
    this.#socket.destroy();
  }

  async #ping(): Promise<void> {
    this.#outbox.send(PING);
    const answered = new Promise<void>((resolve) => this.#pings.push(resolve));
    await Promise.race([answered, this.#over]);
  }

  #open(stream: Stream, block: Buffer, ends: number): void {
    stream.id = this.#nextId;
    this.#nextId += 2;
    this.#streams.set(stream.id, stream);
    const { maxFrame } = this.#settings;
    for (let at = 0; at === 0 || at < block.length; at += maxFrame) {
      const last = at + maxFrame >= block.length;
      this.#outbox.send({
        type: at === 0 ? FRAME.headers : FRAME.continuation,
        flags: (last ? FLAG.endHeaders : 0) | (at === 0 ? ends : 0),
        stream: stream.id,
        payload: block.subarray(at, at + maxFrame),
      });
    }
  }

  /** Sends what may be sent and is taken. A byte of the connection is kept for each end that is still to come. */
  #pump(stream: Stream): void {
    // On one that was ended nothing may be sent any more (§5.1).
    if (!this.#streams.has(stream.id)) return;
    const { upload } = stream;
    const kept = upload.early.length === 0 ? 0 : this.#endsToCome();
    while (upload.early.length > 0) {
      const space = Math.min(this.#settings.maxFrame, stream.window - 1, this.#window - kept);
      if (space <= 0) return;
      this.#sendData(stream, upload.early.subarray(0, space), false);
      upload.early = upload.early.subarray(space);
    }
    if (!upload.released || upload.done) return;
    if (upload.last.length > Math.min(stream.window, this.#window)) return;
    upload.done = true;
    this.#sendData(stream, upload.last, true);
    if (stream.settled) this.#streams.delete(stream.id);
  }

  #endsToCome(): number {
    let count = 0;
    for (const { upload } of this.#streams.values()) if (!upload.done) count++;
    return count;
  }

  #sendData(stream: Stream, payload: Buffer, ends: boolean): void {
    stream.window -= payload.length;
    this.#window -= payload.length;
    this.#outbox.send({ type: FRAME.data, flags: ends ? FLAG.endStream : 0, stream: stream.id, payload });
  }

  #pumpAll(): void {
    for (const stream of this.#streams.values()) this.#pump(stream);
    for (const resolve of this.#onSpace.splice(0)) resolve();
  }

  #arrived(chunk: Buffer): void {
    const at = this.#now();
    if (this.#unread) this.#unread.push({ chunk, at });
    else this.#read(chunk, at);
  }

  #catchUp(): void {
    const unread = this.#unread ?? [];
    this.#unread = undefined;
    for (const { chunk, at } of unread) this.#read(chunk, at);
  }

  #read(chunk: Buffer, at: number): void {
    if (this.#failure) return;
    this.#at = at;
    try {
      for (const frame of this.#reader.push(chunk)) this.#frame(frame);
    } catch (cause) {
      if (!(cause instanceof Http2Error)) throw cause;
      this.#fail(cause);
    }
  }

  #frame(frame: Frame): void {
    if (!this.#greeted && frame.type !== FRAME.settings)
      throw new Http2Error("PROTOCOL_ERROR", "no SETTINGS came first: no HTTP/2");
    this.#blocks.assertInTurn(frame);
    // What is not known is ignored (§4.1).
    this.#takers[frame.type]?.(frame);
  }

  #takeSettings({ flags, payload }: Frame): void {
    if (flags & FLAG.ack) return;
    const before = this.#settings.initialWindow;
    this.#settings = withSettings(this.#settings, payload);
    for (const stream of this.#streams.values()) stream.window += this.#settings.initialWindow - before;
    this.#outbox.send(ACKNOWLEDGED);
    if (!this.#greeted) {
      this.#greeted = true;
      this.#onGreeted();
    }
    this.#pumpAll();
  }

  #takePing({ flags, payload }: Frame): void {
    if (payload.length !== 8) throw new Http2Error("FRAME_SIZE_ERROR", "a PING of a broken length");
    if (flags & FLAG.ack) this.#pings.shift()?.();
    else this.#outbox.send({ type: FRAME.ping, flags: FLAG.ack, stream: 0, payload });
  }

  #takeWindow({ stream: id, payload }: Frame): void {
    if (payload.length !== 4) throw new Http2Error("FRAME_SIZE_ERROR", "a WINDOW_UPDATE of a broken length");
    const more = payload.readUInt32BE(0) & 0x7fff_ffff;
    const stream = this.#streams.get(id);
    if (id === 0) this.#window += more;
    else if (stream) stream.window += more;
    if (Math.max(this.#window, stream?.window ?? 0) > LARGEST_WINDOW)
      throw new Http2Error("FLOW_CONTROL_ERROR", "a window above 2^31-1");
    this.#pumpAll();
  }

  #takeHeaders(frame: Frame): void {
    const block = this.#blocks.take(frame);
    if (!block) return;
    this.#onStream(block.stream, (stream) => {
      stream.headers(block.fields, this.#at);
      if (block.ends) this.#ended(stream);
    });
  }

  #takeData(frame: Frame): void {
    const bytes = frame.payload.length;
    this.#received += bytes;
    if (this.#received > OUR_WINDOW / 2) {
      this.#outbox.send(windowUpdate(0, this.#received));
      this.#received = 0;
    }
    const payload = unpadded(frame);
    this.#onStream(frame.stream, (stream) => {
      stream.data(payload);
      if (frame.flags & FLAG.endStream) this.#ended(stream);
      else if (bytes > 0) this.#outbox.send(windowUpdate(stream.id, bytes));
    });
  }

  /** What breaks one request ends it alone. Frames of streams that are over may still be on their way. */
  #onStream(id: number, work: (stream: Stream) => void): void {
    const stream = this.#streams.get(id);
    if (!stream) {
      if (id === 0 || id % 2 === 0 || id >= this.#nextId)
        throw new Http2Error("PROTOCOL_ERROR", "an answer to what was not asked");
      return;
    }
    try {
      work(stream);
    } catch (cause) {
      if (!(cause instanceof Http2Error)) throw cause;
      this.#reset(stream, cause.code);
      stream.fail(cause);
    }
  }

  #ended(stream: Stream): void {
    stream.end(this.#at);
    // An answer may come before the request is whole; what is left of it is still sent, for others may wait for it.
    if (stream.upload.done) this.#streams.delete(stream.id);
  }

  #takeReset({ stream: id, payload }: Frame): void {
    if (payload.length !== 4) throw new Http2Error("FRAME_SIZE_ERROR", "a RST_STREAM of a broken length");
    const stream = this.#streams.get(id);
    if (!stream) return;
    this.#streams.delete(id);
    const code = codeNamed(payload.readUInt32BE(0));
    if (!stream.settled) stream.fail(new Http2Error(code, `the server ended the stream: ${code}`));
  }

  #takeGoAway({ payload }: Frame): void {
    if (payload.length < 8) throw new Http2Error("FRAME_SIZE_ERROR", "a GOAWAY of a broken length");
    this.#goingAway = true;
    const last = payload.readUInt32BE(0) & 0x7fff_ffff;
    const code = codeNamed(payload.readUInt32BE(4));
    const ignored = [...this.#streams.values()].filter(({ id }) => id > last);
    for (const stream of [...ignored, ...this.#unopened]) {
      this.#streams.delete(stream.id);
      this.#unopened.delete(stream);
      // Not worked on, whatever the reason: REFUSED_STREAM says that (§8.7).
      if (!stream.settled)
        stream.fail(new Http2Error("REFUSED_STREAM", `the server closes the connection: ${code}`));
    }
    for (const resolve of this.#onSpace.splice(0)) resolve();
  }

  #reset(stream: Stream, code: Http2Error["code"]): void {
    this.#streams.delete(stream.id);
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(numberOf(code));
    this.#outbox.send({ type: FRAME.reset, flags: 0, stream: stream.id, payload });
    for (const resolve of this.#onSpace.splice(0)) resolve();
  }

  #fail(cause: Error): void {
    this.#catchUp();
    if (this.#failure) return;
    this.#failure = cause;
    this.#onFailed(cause);
    for (const stream of [...this.#streams.values(), ...this.#unopened])
      if (!stream.settled) stream.fail(cause);
    this.#streams.clear();
    this.#unopened.clear();
    this.#socket.destroy();
  }
}
