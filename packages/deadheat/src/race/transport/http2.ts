import { type Exchange, type HttpRequest, parseJson } from "../exchange.ts";
import { failureOf } from "../session.ts";
import type { Target } from "../target.ts";
import type { Connection } from "./h2/connection.ts";
import type { Field } from "./h2/hpack.ts";
import { openConnection } from "./h2/open.ts";
import type { Stream } from "./h2/stream.ts";
import {
  type BurstOptions,
  closing,
  finish,
  type HeldCall,
  type ScheduledRequest,
  type Transport,
} from "./transport.ts";

const PROBE_MS = 1500;
/** Of one connection: what belongs to it alone, and the pseudo-header `:authority` in place of `host` (RFC 9113 §8.2.2). */
const OF_CONNECTION =
  /^(connection|host|keep-alive|proxy-connection|transfer-encoding|upgrade|content-length)$/;

/**
 * The single-packet attack (Kettle, "Smashing the state machine", 2023): all streams of one connection are open and lack
 * one byte each; the closing frames leave in one write. Where the server takes fewer streams at once than there are
 * requests, as many connections as are needed.
 */
export const http2: Transport = {
  name: "http2",
  label: "HTTP/2 single-packet",
  async supports(target, options) {
    try {
      const connection = await openConnection(target, { ...options, timeoutMs: PROBE_MS });
      connection.close();
      return true;
    } catch {
      options.signal.throwIfAborted();
      return false;
    }
  },
  async hold(target, request, options) {
    const connection = await openConnection(target, options);
    try {
      const call = prepare(target, connection, { request, offsetMs: 0 }, 0, options);
      await within(options, connection.barrier());
      return { ...call, close: () => connection.close() };
    } catch (cause) {
      connection.close();
      throw cause;
    }
  },
  async burst(target, requests, options) {
    const connections = await connect(target, requests.length, options);
    const close = () => {
      for (const one of connections) one.close();
    };
    return closing(options.signal, close, async () => {
      const calls = requests.map((one, index) =>
        prepare(target, connections[index % connections.length] as Connection, one, index, options),
      );
      // The acknowledgement shows that everything sent before it has been read by the server.
      await within(options, Promise.all(connections.map((one) => one.barrier())));
      return finish(requests, calls, options);
    });
  },
};

async function connect(target: Target, requests: number, options: BurstOptions): Promise<Connection[]> {
  const first = await openConnection(target, options);
  const more = Math.ceil(requests / Math.max(1, first.mostStreams)) - 1;
  try {
    return [
      first,
      ...(await Promise.all(Array.from({ length: more }, () => openConnection(target, options)))),
    ];
  } catch (cause) {
    first.close();
    throw cause;
  }
}

/** A server that never takes what is sent early would keep the burst waiting. */
async function within<T>({ timeoutMs, signal }: BurstOptions, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("timeout")), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

function prepare(
  target: Target,
  connection: Connection,
  { request }: ScheduledRequest,
  index: number,
  options: BurstOptions,
): HeldCall {
  const invoke = options.clock.now();
  const stream = connection.request(fieldsOf(target, request), Buffer.from(request.body ?? ""));
  let limit: NodeJS.Timeout | undefined;
  const done = settle(stream, request, invoke, options).then((exchange) => {
    clearTimeout(limit);
    options.onAnswer?.(index, exchange);
    return exchange;
  });
  return {
    done,
    release() {
      // An answer may come before its request is whole.
      if (!stream.settled)
        limit = setTimeout(() => connection.cancel(stream, new Error("timeout")), options.timeoutMs);
      connection.release(stream);
    },
  };
}

function fieldsOf({ secure, host }: Target, { method, path, headers, body }: HttpRequest): Field[] {
  return [
    [":method", method],
    [":scheme", secure ? "https" : "http"],
    [":authority", host],
    [":path", path],
    ...Object.entries(headers)
      .map(([name, value]): Field => [name.toLowerCase(), value])
      .filter(([name]) => !OF_CONNECTION.test(name)),
    ...(body === undefined ? [] : [["content-length", String(Buffer.byteLength(body))] as const]),
  ];
}

async function settle(
  stream: Stream,
  request: HttpRequest,
  invoke: number,
  { clock }: BurstOptions,
): Promise<Exchange> {
  try {
    const { status, headers, body } = await stream.answer;
    return {
      request,
      invoke,
      return: clock.now(),
      status,
      headers,
      body: parseJson(body.toString("utf8")),
    };
  } catch (cause) {
    return { request, invoke, headers: {}, body: undefined, failure: failureOf(cause) };
  }
}
