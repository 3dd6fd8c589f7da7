import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Exchange, parseJson } from "../exchange.ts";
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
} from "./transport.ts";

/** Time for what was sent early to reach the server; HTTP/1.1 has no acknowledgement to wait for. */
const SETTLE_MS = 3;

/** Last-byte synchronisation: one warmed connection a request, all but the last byte sent early. */
export const http1: Transport = {
  name: "http1",
  label: "HTTP/1.1 last-byte",
  async supports() {
    return true;
  },
  async hold(target, request, options) {
    const socket = openSocket(target, options);
    await connected(socket, target.secure);
    const call = prepare(target, { request, offsetMs: 0 }, socket, 0, options);
    await call.written;
    await options.clock.sleep(SETTLE_MS, options.signal);
    return { ...call, close: () => void socket.destroy() };
  },
  async burst(target, requests, options) {
    const sockets = requests.map(() => openSocket(target, options));
    const close = () => {
      for (const socket of sockets) socket.destroy();
    };
    return closing(options.signal, close, async () => {
      await Promise.all(sockets.map((socket) => connected(socket, target.secure)));
      const calls = requests.map((one, index) =>
        prepare(target, one, sockets[index] as Socket, index, options),
      );
      await Promise.all(calls.map((one) => one.written));
      await options.clock.sleep(SETTLE_MS, options.signal);
      return finish(requests, calls, options);
    });
  },
};

function openSocket(target: Target, options: BurstOptions): Socket {
  const { address: host, port } = target;
  // SNI names a host, never an address (RFC 6066 §3).
  const servername = isIP(target.hostname) === 0 ? { servername: target.hostname } : {};
  const socket = target.secure
    ? connectTls({ host, port, ...servername, ALPNProtocols: ["http/1.1"] })
    : connectTcp({ host, port });
  socket.setNoDelay(true);
  socket.setTimeout(options.timeoutMs, () => socket.destroy(new Error("timeout")));
  return socket;
}

function connected(socket: Socket, secure: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(secure ? "secureConnect" : "connect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
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
  const { request } = one;
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  const gate = new LastByteGate(socket);
  const invoke = options.clock.now();
  const call = httpRequest({
    createConnection: () => gate as unknown as Socket,
    host: target.hostname,
    port: target.port,
    method: request.method,
    path: request.path,
    headers: {
      host: target.host,
      ...request.headers,
      ...(body ? { "content-length": body.length } : request.method === "GET" ? {} : { "content-length": 0 }),
      connection: "close",
    },
  });
  const done = settle(call, invoke, one, options).then((exchange) => {
    options.onAnswer?.(index, exchange);
    return exchange;
  });
  const whole = new Promise<void>((resolve) => call.once("finish", resolve));
  call.end(body);
  return { done, written: Promise.race([whole, done]), release: () => gate.release() };
}

function settle(
  call: ClientRequest,
  invoke: number,
  { request, offsetMs }: ScheduledRequest,
  options: BurstOptions,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const fail = (cause: unknown) =>
      resolve({ request, invoke, headers: {}, body: undefined, failure: failureOf(cause) });
    call.setTimeout(options.timeoutMs + offsetMs, () => call.destroy(new Error("timeout")));
    call.once("error", fail);
    call.once("response", (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", fail);
      answer.once("end", () =>
        resolve({
          request,
          invoke,
          return: options.clock.now(),
          status: answer.statusCode ?? 0,
          headers: answer.headers as Record<string, string>,
          body: parseJson(Buffer.concat(chunks).toString("utf8")),
        }),
      );
    });
  });
}
