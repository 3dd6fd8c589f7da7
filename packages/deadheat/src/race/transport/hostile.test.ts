import { createServer } from "node:http";
import type { Socket } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { burstOptions, outcomes, posts } from "../../testing/burst.ts";
import { Servers } from "../../testing/servers.ts";
import { Pacing } from "../pacing.ts";
import { Session } from "../session.ts";
import type { Target } from "../target.ts";
import { http1 } from "./http1.ts";
import { http2 } from "./http2.ts";

const servers = new Servers();
afterEach(() => servers.close());

const head = (more: string) => `HTTP/1.1 200 OK\r\n${more}\r\n\r\n`;
/** Does it when the request is there, or the first bytes of it. */
const onData = (work: (socket: Socket) => void) => (socket: Socket) =>
  void socket.once("data", () => work(socket));
const ends = (text: string | Buffer) => onData((socket) => socket.end(text));

async function alone(target: Target, timeoutMs: number) {
  const { clock, signal } = burstOptions();
  const budget = { limit: 10, spent: 0 };
  const pacing = new Pacing({ clock, signal });
  const session = new Session({ target, clock, budget, signal, timeoutMs, pacing });
  try {
    return await session.send({ method: "POST", path: "/0", headers: {}, body: "{}" });
  } finally {
    await session.close();
  }
}

const FAULTS: [string, (socket: Socket) => void, RegExp][] = [
  ["never answers", () => {}, /^timeout$/],
  ["closes", ends(""), /ECONNRESET|UND_ERR_SOCKET/],
  ["resets", onData((socket) => socket.resetAndDestroy()), /ECONNRESET|UND_ERR_SOCKET/],
  ["closes amid the answer", ends(`${head("content-length: 10")}abc`), /ECONNRESET|aborted|UND_ERR_SOCKET/],
  [
    "closes amid a chunk",
    ends(`${head("transfer-encoding: chunked")}ff\r\nabc`),
    /ECONNRESET|aborted|UND_ERR_SOCKET/,
  ],
  ["answers what is no HTTP", ends("220 smtp ready\r\n"), /HPE|does not match|UND_ERR/],
  ["answers a length that is none", ends(`${head("content-length: 1e3")}{}`), /HPE|does not match|UND_ERR/],
  [
    "answers two lengths",
    ends(`${head("content-length: 2\r\ncontent-length: 3")}{}`),
    /HPE|does not match|UND_ERR/,
  ],
  [
    "exceeds the limit of headers",
    ends(head(`x-long: ${"x".repeat(100_000)}`)),
    /HPE_HEADER_OVERFLOW|UND_ERR_HEADERS_OVERFLOW/,
  ],
  [
    "goes on in drops for ever",
    onData((socket) => {
      socket.write(head("content-length: 100000"));
      const drip = setInterval(() => socket.write("x"), 20);
      socket.once("close", () => clearInterval(drip));
    }),
    /^timeout$/,
  ],
  [
    "sends headers in drops for ever",
    onData((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const drip = setInterval(() => socket.write("x: y\r\n"), 20);
      socket.once("close", () => clearInterval(drip));
    }),
    /^timeout$/,
  ],
  [
    "says 100 for ever",
    onData((socket) => {
      const drip = setInterval(() => socket.write("HTTP/1.1 100 Continue\r\n\r\n"), 20);
      socket.once("close", () => clearInterval(drip));
    }),
    /^timeout$|UND_ERR_SOCKET/,
  ],
  [
    "switches protocols",
    ends("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"),
    /upgrade|UND_ERR|ECONNRESET/,
  ],
  [
    "says that it is packed, and it is not",
    ends(`${head("content-encoding: gzip\r\ncontent-length: 2")}{}`),
    /Z_DATA_ERROR|Z_BUF_ERROR/,
  ],
  [
    "sends 40 kB that unpack to 40 MB",
    ends(
      Buffer.concat([
        Buffer.from(head("content-encoding: gzip\r\nconnection: close")),
        gzipSync(Buffer.alloc(40_000_000)),
      ]),
    ),
    /^body-too-large$/,
  ],
];

describe("HTTP/1.1 servers that do as they like: a typed outcome, never a hang", () => {
  it.each(FAULTS)("one that %s, in a burst", async (name, behave, failure) => {
    // Only who never finishes has to be waited for.
    const patience = burstOptions(failure.source.includes("timeout") ? 300 : 20_000);
    const { exchanges } = await http1.burst(await servers.raw(behave), posts(2), patience);
    for (const one of exchanges) {
      expect(one.status, name).toBeUndefined();
      expect(one.return).toBeUndefined();
      expect(one.failure).toMatch(failure);
    }
  });

  it.each(FAULTS)("one that %s, alone", async (_name, behave, failure) => {
    const exchange = await alone(
      await servers.raw(behave),
      failure.source.includes("timeout") ? 300 : 20_000,
    );
    expect(exchange.status).toBeUndefined();
    expect(exchange.failure).toMatch(failure);
  });

  it("closes amid a burst: the others have their answers", async () => {
    let connections = 0;
    const target = await servers.raw((socket) => {
      const closes = connections++ === 1;
      let got = "";
      socket.on("data", (chunk) => {
        got += chunk;
        if (closes) socket.destroy();
        else if (got.endsWith("}")) socket.end(`${head("content-length: 2")}{}`);
      });
    });
    const seen = outcomes(await http1.burst(target, posts(3), burstOptions()));
    expect(seen.filter((one) => one === 200)).toHaveLength(2);
    expect(seen.filter((one) => /ECONNRESET|EPIPE/.test(String(one)))).toHaveLength(1);
  });

  it("resets under load: every request of 50 has an outcome", async () => {
    let connections = 0;
    const target = await servers.raw((socket) => {
      if (connections++ % 3 === 0) socket.resetAndDestroy();
      else socket.once("data", () => setTimeout(() => socket.end(`${head("content-length: 2")}{}`), 10));
    });
    // Some are reset before they are connected: then there is no burst, and it says so.
    const burst = await http1.burst(target, posts(50), burstOptions()).catch((cause) => cause);
    if (burst instanceof Error)
      expect(burst).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
    else for (const one of outcomes(burst)) expect(String(one)).toMatch(/^(200|ECONNRESET|EPIPE)$/);
  });

  it("answers before the body ends, and closes: that is the answer", async () => {
    const target = await servers.raw(ends(`HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\n{}`));
    const told: number[] = [];
    const burst = await http1.burst(target, posts(3, { body: () => "x".repeat(100_000) }), {
      ...burstOptions(),
      onAnswer: (index) => told.push(index),
    });
    for (const one of outcomes(burst)) expect(String(one)).toMatch(/^(413|ECONNRESET|EPIPE)$/);
    expect(told.sort()).toEqual([0, 1, 2]);
  });

  it("answers before the body ends, and goes on: the last byte is still sent", async () => {
    const got: string[] = [];
    const target = await servers.raw((socket) => {
      const index = got.push("") - 1;
      socket.once("data", () => socket.write(`HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}`));
      socket.on("data", (chunk) => {
        got[index] = `${got[index]}${chunk}`;
      });
    });
    const burst = await http1.burst(target, posts(2), burstOptions());
    expect(outcomes(burst)).toEqual([202, 202]);
    expect(got.map((one) => one.endsWith('{"n":') || /\{"n":\d\}?$/.test(one))).toEqual([true, true]);
  });

  it("never takes what is sent early: no burst, after its time", async () => {
    const target = await servers.raw((socket) => socket.pause());
    const long = posts(2, { body: () => "x".repeat(20_000_000) });
    await expect(http1.burst(target, long, burstOptions(300))).rejects.toThrow("timeout");
  });

  it("speaks HTTP/1.0 alone", async () => {
    const target = await servers.raw((socket) => {
      let got = "";
      socket.on("data", (chunk) => {
        got += chunk;
        if (got.endsWith("}"))
          socket.end('HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{"v":1.0}');
      });
    });
    const { exchanges } = await http1.burst(target, posts(2), burstOptions());
    for (const one of exchanges) expect(one).toMatchObject({ status: 200, body: { v: 1 } });
    expect(await http2.supports(target, burstOptions(500))).toMatchObject({ spoken: false });
    expect(await alone(target, 2000)).toMatchObject({ status: 200, body: { v: 1 } });
  });
});

describe("bodies of every kind", () => {
  const value = { text: "é".repeat(2000), big: 2 ** 40 };
  const bytes = Buffer.from(JSON.stringify(value));
  it.each<[string, Buffer]>([
    ["gzip", gzipSync(bytes)],
    ["x-gzip", gzipSync(bytes)],
    ["br", brotliCompressSync(bytes)],
    ["deflate", deflateSync(bytes)],
    ["Deflate", deflateRawSync(bytes)],
    ["gzip, br", brotliCompressSync(gzipSync(bytes))],
    ["identity", bytes],
  ])("packed as %s", async (coding, packed) => {
    const one = async (kind: "http1" | "http2") => {
      if (kind === "http1")
        return servers.listen(
          createServer((request, answer) => {
            request.resume();
            request.once("end", () => answer.writeHead(200, { "content-encoding": coding }).end(packed));
          }),
        );
      return servers.http2(async (stream, body) => {
        await body;
        stream.respond({ ":status": 200, "content-encoding": coding });
        stream.end(packed);
      });
    };
    for (const transport of [http1, http2]) {
      const { exchanges } = await transport.burst(await one(transport.name), posts(2), burstOptions());
      for (const exchange of exchanges) expect(exchange).toMatchObject({ status: 200, body: value });
    }
    expect((await alone(await one("http1"), 2000)).body).toEqual(value);
  });

  it("packed in a way that nobody knows: an answer without a body that could be read", async () => {
    const target = await servers.raw(ends(`${head("content-encoding: lzma\r\ncontent-length: 2")}{}`));
    const { exchanges } = await http1.burst(target, posts(1), burstOptions());
    expect(exchanges[0]).toMatchObject({ status: 200, body: undefined });
  });

  it("larger than any API's: HTTP/2 as well", async () => {
    const target = await servers.http2(async (stream) => {
      stream.respond({ ":status": 200 });
      stream.end(Buffer.alloc(20_000_000));
    });
    expect(outcomes(await http2.burst(target, posts(2), burstOptions(20_000)))).toEqual([
      "body-too-large",
      "body-too-large",
    ]);
  });

  it.each(["content-length", "transfer-encoding"])(
    "sent with %s, the last byte of it held back",
    async (framing) => {
      let whole = 0;
      const target = await servers.listen(
        createServer((request, answer) => {
          const chunks: Buffer[] = [];
          request.on("data", (chunk: Buffer) => chunks.push(chunk));
          request.once("end", () => {
            whole++;
            const { headers } = request;
            answer.end(
              JSON.stringify({
                framed: Object.hasOwn(headers, framing),
                got: Buffer.concat(chunks).toString(),
              }),
            );
          });
        }),
      );
      const headers = framing === "transfer-encoding" ? { "Transfer-Encoding": "chunked" } : {};
      const request = { method: "POST", path: "/", headers, body: "of some length" };
      const held = await http1.hold(target, request, burstOptions());
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(whole).toBe(0);
      held.release();
      expect((await held.done).body).toEqual({ framed: true, got: "of some length" });
      held.close();
    },
  );

  it("trailers and 1xx come with an answer, and are none of its headers", async () => {
    const target = await servers.listen(
      createServer((request, answer) => {
        request.resume();
        request.once("end", () => {
          answer.writeProcessing();
          answer.writeEarlyHints({ link: "</a>; rel=preload" });
          answer.writeHead(201, { trailer: "x-late", "set-cookie": ["a=1", "b=2"] });
          answer.addTrailers({ "x-late": "yes" });
          answer.end("{}");
        });
      }),
    );
    const { exchanges } = await http1.burst(target, posts(2), burstOptions());
    for (const { status, headers } of exchanges) {
      expect(status).toBe(201);
      expect(headers).toMatchObject({ "set-cookie": "a=1, b=2" });
      expect(headers).not.toHaveProperty("x-late");
    }
  });

  it("a request is held for longer than an answer may take", async () => {
    const target = await servers.echo("http1");
    const held = await http1.hold(
      target,
      { method: "POST", path: "/", headers: {}, body: "1" },
      burstOptions(1500),
    );
    await new Promise((resolve) => setTimeout(resolve, 1600));
    held.release();
    expect(await held.done).toMatchObject({ status: 200 });
    held.close();
  });
});
