import { answered } from "../answer.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import { failureOf } from "../session.ts";
import type { Target } from "../target.ts";
import type { Connection } from "./h2/connection.ts";
import { Http2Error } from "./h2/errors.ts";
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
  within,
} from "./transport.ts";

const PROBE_MS = 1500;
/** For each request of a burst, ms: about as long as a server takes to read it. */
const READ_LATER_MS = 0.04;
/** So many requests take a server longer to read than to wake up; with fewer, a PING's answer is in their way. */
const WAKE_FIRST_FROM = 64;
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
      return { spoken: true };
    } catch (cause) {
      options.signal.throwIfAborted();
      return { spoken: false, reason: reasonOf(cause) };
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
      // Nobody waits for an answer who would send something after it.
      if (!options.onAnswer && requests.every(({ offsetMs }) => offsetMs === 0))
        for (const one of connections) {
          one.readLater(READ_LATER_MS * requests.length);
          if (requests.length >= WAKE_FIRST_FROM) one.wakeFirst();
        }
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

function prepare(
  target: Target,
  connection: Connection,
  { request }: ScheduledRequest,
  index: number,
  options: BurstOptions,
): HeldCall {
  const { clock } = options;
  let invoke = clock.now();
  let began: number | undefined;
  const stream = connection.request(fieldsOf(target, request), Buffer.from(request.body ?? ""), (at) => {
    began = at;
  });
  let limit: NodeJS.Timeout | undefined;
  const done = settle(stream, request, () => ({ invoke, began })).then((exchange) => {
    clearTimeout(limit);
    options.onAnswer?.(index, exchange);
    return exchange;
  });
  return {
    done,
    release() {
      // Nothing of a request without a body has left yet.
      if (!request.body && !stream.settled) invoke = clock.now();
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
  times: () => { readonly invoke: number; readonly began: number | undefined },
): Promise<Exchange> {
  try {
    const { status, headers, body, at } = await stream.answer;
    return await answered({ request, ...times(), return: at, status, headers, bytes: body });
  } catch (cause) {
    return { request, invoke: times().invoke, headers: {}, body: undefined, failure: failureOf(cause) };
  }
}

/** Why HTTP/2 is not spoken, for whoever reads that another transport is used in its place. */
function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message: string };
  // A server without a protocol in common says so, or sets up TLS without one (RFC 7301 §3.2).
  if (code === "HTTP_1_1_REQUIRED" || code?.endsWith("ALERT_NO_APPLICATION_PROTOCOL"))
    return "the server does not offer HTTP/2 (ALPN)";
  if (message === "timeout") return `no answer to the HTTP/2 preface within ${PROBE_MS / 1000} s`;
  if (cause instanceof Http2Error) return "the answer to the HTTP/2 preface is not HTTP/2";
  return code === "ECONNRESET" ? "the connection is closed on the HTTP/2 preface" : failureOf(cause);
}
