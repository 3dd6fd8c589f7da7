import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { burstOptions as options, posts } from "../../testing/burst.ts";
import { Servers } from "../../testing/servers.ts";
import { http1 } from "./http1.ts";
import { http2 } from "./http2.ts";

const servers = new Servers();
afterEach(() => servers.close());

describe.each([http1, http2])("$name", (transport) => {
  const kind = transport.name as "http1" | "http2";

  it("brings every answer to its request, with times on one clock", async () => {
    const target = await servers.echo(kind);
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
    const target = await servers.echo(kind);
    const request = { request: { method: "GET", path: "/x", headers: {} }, offsetMs: 0 };
    const { exchanges } = await transport.burst(target, [request, request], options());
    expect(exchanges.map((one) => one.body)).toEqual([
      { url: "/x", got: null },
      { url: "/x", got: null },
    ]);
  });

  it("releases later requests at their offsets, and tells of each answer as it comes", async () => {
    const target = await servers.echo(kind);
    const order: number[] = [];
    const burst = await transport.burst(target, posts(3, { offsetMs: (index) => [40, 0, 20][index] ?? 0 }), {
      ...options(),
      onAnswer: (index) => order.push(index),
    });
    expect(order).toEqual([1, 2, 0]);
    expect((burst.exchanges[0]?.return ?? 0) - burst.release).toBeGreaterThanOrEqual(40);
  });

  it("releases none sooner than its offset, however early a timer is", async () => {
    const target = await servers.echo(kind);
    const asked = options();
    const early = {
      ...asked.clock,
      sleep: (ms: number, signal?: AbortSignal) => asked.clock.sleep(Math.max(0, ms - 2), signal),
    };
    const offsets = [0, 5, 12];
    const burst = await transport.burst(target, posts(3, { offsetMs: (index) => offsets[index] ?? 0 }), {
      ...asked,
      clock: early,
    });
    offsets.forEach((offset, index) => {
      expect((burst.releases?.[index] ?? 0) - burst.release).toBeGreaterThanOrEqual(offset);
    });
  });

  it("a server that is not there", async () => {
    const target = await servers.echo(kind);
    servers.close();
    await expect(transport.burst(target, posts(2), options())).rejects.toThrow();
  });

  it("an interruption ends the burst at once", async () => {
    const target = await servers.raw(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stop")), 50);
    await expect(transport.burst(target, posts(3), options(600_000, controller.signal))).rejects.toThrow();
  });
});

describe("http1 last byte", () => {
  it.each<[string, string | undefined, RegExp]>([
    ["of the head, where there is no body", undefined, /connection: close\r\n\r$/i],
    ["of a body", '{"n":1}', /\{"n":1$/],
    ["of a long body", `{"n":"${"x".repeat(2_000_000)}"}`, /xxx"$/],
  ])("%s waits for the release", async (_name, body, sofar) => {
    let got = "";
    const target = await servers.raw((socket) =>
      socket.on("data", (chunk: Buffer) => {
        got += chunk.toString("latin1");
        if (/(\n\r\n|\})$/.test(got.slice(-9))) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
      }),
    );
    const method = body === undefined ? "GET" : "POST";
    const request = { method, path: "/", headers: {}, ...(body === undefined ? {} : { body }) };
    const held = await http1.hold(target, request, options(20_000));
    await expect.poll(() => got.slice(-40), { timeout: 10_000 }).toMatch(sofar);
    await sleep(30);
    expect(got.slice(-40)).toMatch(sofar);
    held.release();
    expect(await held.done).toMatchObject({ status: 200, body: {} });
    held.close();
  });
});

describe("http2 single packet", () => {
  it("all closing frames arrive in one read", async () => {
    const inner = await servers.echo("http2");
    const chunks: Buffer[] = [];
    const target = await servers.raw((socket) => {
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
    chunks.splice(0);
    const request = { method: "DELETE", path: "/me", headers: { authorization: "Bearer t" } };
    const without = Array.from({ length: 20 }, () => ({ request, offsetMs: 0 }));
    await http2.burst(target, without, options());
    expect(Math.max(...chunks.map(closingFrames))).toBe(20);
  });

  it("an HTTP/1.1 server is told apart", async () => {
    expect(await http2.supports(await servers.echo("http1"), options(500))).toMatchObject({
      spoken: false,
    });
    expect(await http2.supports(await servers.echo("http2"), options(10_000))).toEqual({ spoken: true });
  });
});

/** DATA and HEADERS frames with END_STREAM in a chunk that starts at a frame (RFC 9113 §4.1). */
function closingFrames(chunk: Buffer): number {
  let count = 0;
  for (let at = 0; at + 9 <= chunk.length; ) {
    const length = chunk.readUIntBE(at, 3);
    if ((chunk[at + 3] ?? 9) <= 1 && ((chunk[at + 4] ?? 0) & 1) === 1) count++;
    at += 9 + length;
  }
  return count;
}
