import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Exchange, parseJson } from "../exchange.ts";
import { failureOf } from "../session.ts";
import type { Target } from "../target.ts";
import {
  type BurstOptions,
  closing,
  finish,
  type HeldCall,
  type ScheduledRequest,
  type Transport,
} from "./transport.ts";

const PROBE_MS = 1500;

/**
 * The single-packet attack (Kettle, "Smashing the state machine", 2023): all streams of one
 * connection are open and lack one byte each; the closing frames leave in one write.
 */
export const http2: Transport = {
  name: "http2",
  label: "HTTP/2 single-packet",
  async supports(target, options) {
    try {
      const session = await open(target, { ...options, timeoutMs: PROBE_MS });
      session.destroy();
      return true;
    } catch {
      options.signal.throwIfAborted();
      return false;
    }
  },
  async hold(target, request, options) {
    const session = await open(target, options);
    const call = prepare(target, session, { request, offsetMs: 0 }, 0, options);
    await ping(session);
    return { ...call, close: () => session.destroy() };
  },
  async burst(target, requests, options) {
    const session = await open(target, options);
    return closing(
      options.signal,
      () => session.destroy(),
      async () => {
        const calls = requests.map((one, index) => prepare(target, session, one, index, options));
        // The acknowledgement shows that everything sent before it has been read by the server.
        await ping(session);
        return finish(requests, calls, options);
      },
    );
  },
};

/** Resolves once the server has answered with its SETTINGS and a PING: it does speak HTTP/2. */
function open(target: Target, options: BurstOptions): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const { address: host, port } = target;
    const servername = isIP(target.hostname) === 0 ? { servername: target.hostname } : {};
    const session = connect(target.origin, {
      createConnection: () =>
        target.secure
          ? connectTls({ host, port, ...servername, ALPNProtocols: ["h2"] })
          : connectTcp({ host, port, noDelay: true }),
    });
    const settle = () => {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", interrupt);
    };
    const fail = (cause: unknown) => {
      settle();
      session.destroy();
      reject(cause);
    };
    const interrupt = () => fail(options.signal.reason);
    const timer = setTimeout(() => fail(new Error("timeout")), options.timeoutMs);
    options.signal.addEventListener("abort", interrupt, { once: true });
    session.once("error", fail);
    session.once("close", () => fail(new Error("closed")));
    session.once("remoteSettings", () => {
      ping(session).then(() => {
        settle();
        resolve(session);
      }, fail);
    });
  });
}

function ping(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.ping((error) => (error ? reject(error) : resolve()));
  });
}

function prepare(
  target: Target,
  session: ClientHttp2Session,
  one: ScheduledRequest,
  index: number,
  options: BurstOptions,
): HeldCall {
  const { request } = one;
  const body = Buffer.from(request.body ?? "");
  const invoke = options.clock.now();
  const stream = session.request(
    {
      ":method": request.method,
      ":path": request.path,
      ":authority": target.host,
      ...request.headers,
      ...(request.body === undefined ? {} : { "content-length": body.length }),
    },
    { endStream: false },
  );
  if (body.length > 1) stream.write(body.subarray(0, -1));
  const done = settle(stream, invoke, one, options).then((exchange) => {
    options.onAnswer?.(index, exchange);
    return exchange;
  });
  return { done, release: () => void stream.end(body.subarray(-1)) };
}

function settle(
  stream: ClientHttp2Stream,
  invoke: number,
  { request, offsetMs }: ScheduledRequest,
  options: BurstOptions,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let headers: Record<string, string> = {};
    const chunks: Buffer[] = [];
    const fail = (cause: unknown) =>
      resolve({ request, invoke, headers, body: undefined, failure: failureOf(cause) });
    stream.setTimeout(options.timeoutMs + offsetMs, () => stream.destroy(new Error("timeout")));
    stream.once("response", (answer) => {
      status = Number(answer[":status"]);
      headers = answer as unknown as Record<string, string>;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.once("error", fail);
    // A stream that closes without an end (GOAWAY, REFUSED_STREAM) has no complete answer.
    stream.once("close", () => fail(new Error("closed")));
    stream.once("end", () => {
      if (status === undefined) return fail(new Error("closed"));
      const text = Buffer.concat(chunks).toString("utf8");
      resolve({ request, invoke, return: options.clock.now(), status, headers, body: parseJson(text) });
    });
  });
}
