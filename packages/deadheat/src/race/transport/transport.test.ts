import { createServer as createHttp } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import { connect, createServer as createTcp, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Target } from "../target.ts";
import { http1 } from "./http1.ts";
import { http2 } from "./http2.ts";
import type { BurstOptions, ScheduledRequest } from "./transport.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function options(signal = new AbortController().signal, timeoutMs = 2000): BurstOptions {
  return { clock: { now: () => performance.now(), sleep: (ms) => sleep(ms) }, signal, timeoutMs };
}

async function listen(server: Server, sockets: Set<Socket>): Promise<Target> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const host = `127.0.0.1:${port}`;
  return {
    origin: `http://${host}`,
    secure: false,
    host,
    hostname: "127.0.0.1",
    port,
    address: "127.0.0.1",
    family: 4,
  };
}

function posts(count: number, offset = (_index: number) => 0): ScheduledRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    request: {
      method: "POST",
      path: `/${index}`,
      headers: { "content-type": "application/json" },
      body: `{"n":${index}}`,
    },
    offsetMs: offset(index),
  }));
}

/** A server of either kind that answers what it was sent. */
async function echo(kind: "http1" | "http2"): Promise<Target> {
  const handler = (
    request: NodeJS.ReadableStream & { url?: string },
    answer: { end(text: string): void },
  ) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () =>
      answer.end(`{"url":"${request.url}","got":${Buffer.concat(chunks).toString() || "null"}}`),
    );
  };
  const inner = kind === "http1" ? createHttp(handler as never) : createHttp2(handler as never);
  const sockets = new Set<Socket>();
  inner.on("connection", (socket: Socket) => {
    sockets.add(socket);
  });
  return listen(inner as never, sockets);
}

/** A server below HTTP. */
function raw(onSocket: (socket: Socket) => void): Promise<Target> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  return listen(server, sockets);
}

describe.each([http1, http2])("$name", (transport) => {
  const kind = transport.name as "http1" | "http2";

  it("brings every answer to its request, with times on one clock", async () => {
    const target = await echo(kind);
    const burst = await transport.burst(target, posts(20), options());
    expect(burst.exchanges.map((one) => one.body)).toEqual(
      posts(20).map((_, n) => ({ url: `/${n}`, got: { n } })),
    );
    for (const one of burst.exchanges) {
      expect(one.status).toBe(200);
      expect(one.invoke).toBeLessThanOrEqual(burst.release);
      expect(one.return).toBeGreaterThan(burst.release);
    }
  });

  it("a request without a body", async () => {
    const target = await echo(kind);
    const request = { request: { method: "GET", path: "/x", headers: {} }, offsetMs: 0 };
    const { exchanges } = await transport.burst(target, [request, request], options());
    expect(exchanges.map((one) => one.body)).toEqual([
      { url: "/x", got: null },
      { url: "/x", got: null },
    ]);
  });

  it("releases later requests at their offsets, and tells of each answer as it comes", async () => {
    const target = await echo(kind);
    const order: number[] = [];
    const burst = await transport.burst(
      target,
      posts(3, (index) => [40, 0, 20][index] ?? 0),
      {
        ...options(),
        onAnswer: (index) => order.push(index),
      },
    );
    expect(order).toEqual([1, 2, 0]);
    expect((burst.exchanges[0]?.return ?? 0) - burst.release).toBeGreaterThanOrEqual(39);
  });

  it("a server that is not there", async () => {
    const target = await echo(kind);
    for (const close of closers.splice(0)) close();
    await expect(transport.burst(target, posts(2), options())).rejects.toThrow();
  });

  it("an interruption ends the burst at once", async () => {
    const target = await raw(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stop")), 50);
    await expect(transport.burst(target, posts(3), options(controller.signal, 600_000))).rejects.toThrow();
  });
});

describe("http1 last byte", () => {
  it.each<[string, string | undefined, RegExp]>([
    ["of the head, where there is no body", undefined, /connection: close\r\n\r$/i],
    ["of a body", '{"n":1}', /\{"n":1$/],
    ["of a long body", `{"n":"${"x".repeat(2_000_000)}"}`, /xxx"$/],
  ])("%s waits for the release", async (_name, body, sofar) => {
    let got = "";
    const target = await raw((socket) =>
      socket.on("data", (chunk: Buffer) => {
        got += chunk.toString("latin1");
        if (/(\n\r\n|\})$/.test(got.slice(-9))) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
      }),
    );
    const method = body === undefined ? "GET" : "POST";
    const request = { method, path: "/", headers: {}, ...(body === undefined ? {} : { body }) };
    const held = await http1.hold(target, request, options(undefined, 20_000));
    await expect.poll(() => got.slice(-40), { timeout: 10_000 }).toMatch(sofar);
    await sleep(30);
    expect(got.slice(-40)).toMatch(sofar);
    held.release();
    expect(await held.done).toMatchObject({ status: 200, body: {} });
    held.close();
  });
});

describe("http1 faults: a typed outcome, never a hang", () => {
  it.each<[string, (socket: Socket) => void, RegExp]>([
    ["never answers", () => {}, /timeout/],
    ["closes", (socket) => socket.once("data", () => socket.end()), /ECONNRESET/],
    [
      "answers half",
      (socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")),
      /ECONNRESET|aborted/,
    ],
    [
      "answers nonsense",
      (socket) => socket.once("data", () => socket.end("220 smtp ready\r\n")),
      /HPE|ECONNRESET/,
    ],
  ])("%s", async (_name, behave, failure) => {
    const target = await raw(behave);
    const { exchanges } = await http1.burst(target, posts(2), options(undefined, 300));
    for (const one of exchanges) {
      expect(one.return).toBeUndefined();
      expect(one.failure).toMatch(failure);
    }
  });
});

describe("http2 single packet", () => {
  it("all closing frames arrive in one read", async () => {
    const inner = await echo("http2");
    const chunks: Buffer[] = [];
    const target = await raw((socket) => {
      const onward = connect(inner.port, inner.address);
      socket.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        onward.write(chunk);
      });
      onward.pipe(socket);
      socket.on("close", () => onward.destroy());
    });
    await http2.burst(target, posts(20), options());
    expect(Math.max(...chunks.map(closingFrames))).toBe(20);
  });

  it("an HTTP/1.1 server is told apart", async () => {
    expect(await http2.supports(await echo("http1"), options(undefined, 500))).toMatchObject({
      spoken: false,
    });
    expect(await http2.supports(await echo("http2"), options(undefined, 500))).toEqual({ spoken: true });
  });
});

/** DATA frames with END_STREAM in a chunk that starts at a frame (RFC 9113 §4.1). */
function closingFrames(chunk: Buffer): number {
  let count = 0;
  for (let at = 0; at + 9 <= chunk.length; ) {
    const length = chunk.readUIntBE(at, 3);
    if (chunk[at + 3] === 0 && ((chunk[at + 4] ?? 0) & 1) === 1) count++;
    at += 9 + length;
  }
  return count;
}
