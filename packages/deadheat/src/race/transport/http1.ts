import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { answered, MOST_BODY_BYTES, singleValues, tooLarge } from "../answer.ts";
import { connect } from "../connection.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import { failureOf } from "../session.ts";
import type { Target } from "../target.ts";
import { LastByteGate } from "./last-byte.ts";
import {
  type BurstOptions,
  closing,
  finish,
  type HeldCall,
  type ScheduledRequest,
  type Transport,
  within,
} from "./transport.ts";

/** Time for what was sent early to reach the server; HTTP/1.1 has no acknowledgement to wait for. */
const SETTLE_MS = 3;

/** Last-byte synchronisation: one warmed connection a request, all but the last byte sent early. */
export const http1: Transport = {
  name: "http1",
  label: "HTTP/1.1 last-byte",
  async supports() {
    return { spoken: true };
  },
  async hold(target, request, options) {
    const socket = await connect(target, { ...options, protocol: "http/1.1" });
    try {
      const call = prepare(target, { request, offsetMs: 0 }, socket, 0, options);
      await within(options, call.written);
      await options.clock.sleep(SETTLE_MS, options.signal);
      return { ...call, close: () => void socket.destroy() };
    } catch (cause) {
      socket.destroy();
      throw cause;
    }
  },
  async burst(target, requests, options) {
    const sockets = await openAll(target, requests.length, options);
    const close = () => {
      for (const socket of sockets) socket.destroy();
    };
    return closing(options.signal, close, async () => {
      const calls = requests.map((one, index) =>
        prepare(target, one, sockets[index] as Socket, index, options),
      );
      await within(options, Promise.all(calls.map((one) => one.written)));
      // One alone has nothing to be together with.
      if (calls.length > 1) await options.clock.sleep(SETTLE_MS, options.signal);
      return finish(requests, calls, options);
    });
  },
};

/** All of them or none. */
async function openAll(target: Target, count: number, options: BurstOptions): Promise<Socket[]> {
  const opening = Array.from({ length: count }, () => connect(target, { ...options, protocol: "http/1.1" }));
  const opened = await Promise.allSettled(opening);
  const failed = opened.find((one) => one.status === "rejected");
  const sockets = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (!failed) return sockets;
  for (const socket of sockets) socket.destroy();
  throw failed.reason;
}

/** A held call, and when all of it but the last byte has been handed to the system; not later than it has failed. */
interface WrittenCall extends HeldCall {
  readonly written: Promise<unknown>;
}

function prepare(
  target: Target,
  one: ScheduledRequest,
  socket: Socket,
  index: number,
  options: BurstOptions,
): WrittenCall {
  const { clock, timeoutMs } = options;
  let began: number | undefined;
  const gate = new LastByteGate(socket, () => {
    began ??= clock.now();
  });
  const invoke = clock.now();
  const body = one.request.body === undefined ? undefined : Buffer.from(one.request.body);
  const call = httpRequest({
    createConnection: () => gate as unknown as Socket,
    host: target.hostname,
    port: target.port,
    method: one.request.method,
    path: one.request.path,
    headers: headersOf(target, one.request, body),
  });
  let limit: NodeJS.Timeout | undefined;
  const done = received(call, clock)
    .then(({ status, headers, bytes, end }) =>
      answered({ request: one.request, invoke, began, return: end, status, headers, bytes }),
    )
    .catch((cause): Exchange => {
      return { request: one.request, invoke, headers: {}, body: undefined, failure: failureOf(cause) };
    })
    .then((exchange) => {
      clearTimeout(limit);
      options.onAnswer?.(index, exchange);
      return exchange;
    });
  let settled = false;
  void done.then(() => {
    settled = true;
  });
  const whole = new Promise<void>((resolve) => call.once("finish", resolve));
  call.end(body);
  return {
    done,
    written: Promise.race([whole, done]),
    release() {
      // Of the whole answer: one that goes on in drops is none either. It may have come before its request is whole.
      if (!settled) limit = setTimeout(() => call.destroy(new Error("timeout")), timeoutMs);
      gate.release();
    },
  };
}

function headersOf({ host }: Target, { method, headers }: HttpRequest, body: Buffer | undefined) {
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const chunked = body !== undefined && /\bchunked\b/i.test(given["transfer-encoding"] ?? "");
  const length = chunked ? {} : { "content-length": body?.length ?? 0 };
  const { "transfer-encoding": coding, ...others } = given;
  return {
    host,
    ...others,
    ...(chunked ? { "transfer-encoding": "chunked" } : {}),
    ...(body === undefined && method === "GET" ? {} : length),
    connection: "close",
  };
}

interface Received {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer;
  /** When its last byte arrived, ms. */
  readonly end: number;
}

/** The whole answer; trailers are taken, and no header. 1xx before it are passed over. Rejects with a code. */
function received(call: ClientRequest, clock: BurstOptions["clock"]): Promise<Received> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    // Not `once`: a second error would have nobody to take it.
    call.on("error", reject);
    // What was answered completely has still to be read to its end.
    call.once("close", () => setImmediate(closed));
    call.once("upgrade", (_answer, socket: Socket) => {
      socket.destroy();
      reject(Object.assign(new Error("the server switches protocols"), { code: "unexpected-upgrade" }));
    });
    call.once("response", (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MOST_BODY_BYTES) call.destroy(tooLarge());
        else chunks.push(chunk);
      });
      answer.on("error", reject);
      answer.once("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: singleValues(answer.headers),
          bytes: Buffer.concat(chunks),
          end: clock.now(),
        }),
      );
    });
  });
}
