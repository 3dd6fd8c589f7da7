import type { ServerHttp2Stream } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { burstOptions as options, outcomes, posts } from "../../testing/burst.ts";
import { answerOn as answer, frame, type Hostile, speaking } from "../../testing/frames.ts";
import { Servers } from "../../testing/servers.ts";
import { FLAG, FRAME, type Frame } from "./h2/frames.ts";
import { encodeFields } from "./h2/hpack.ts";
import { http2 } from "./http2.ts";
import type { ScheduledRequest } from "./transport.ts";

const servers = new Servers();
afterEach(() => servers.close());

const echo = async (stream: ServerHttp2Stream, body: Promise<Buffer>) => {
  const sent = await body;
  stream.respond({ ":status": 200 });
  stream.end(sent);
};

describe("HTTP/2 against a real server", () => {
  it("keeps to the windows of the server, on each stream and on the connection", async () => {
    const target = await servers.http2(echo, { initialWindowSize: 1000 });
    const text = (index: number) => JSON.stringify({ n: index, text: "x".repeat(40_000) });
    const { exchanges } = await http2.burst(target, posts(6, { body: text }), options(10_000));
    expect(exchanges.map(({ body }) => (body as { n: number })?.n)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("takes long answers", async () => {
    const long = JSON.stringify("y".repeat(3_000_000));
    const target = await servers.http2(async (stream) => {
      stream.respond({ ":status": 200 });
      stream.end(long);
    });
    const { exchanges } = await http2.burst(target, posts(8), options(10_000));
    for (const { body } of exchanges) expect((body as string).length).toBe(3_000_000);
  });

  it("opens as many connections as there have to be", async () => {
    const target = await servers.http2(echo, { maxConcurrentStreams: 4 });
    const { exchanges } = await http2.burst(target, posts(10), options());
    expect(exchanges.map(({ status }) => status)).toEqual(Array(10).fill(200));
  });

  it("reads headers of every kind, on one connection", async () => {
    const value = (index: number) =>
      ["plain", 'a"b\\c ~|^', "\u00e9\u00fc", "x".repeat(5000), ""][index % 5] ?? "";
    const target = await servers.http2(async (stream, body) => {
      const { n } = JSON.parse((await body).toString());
      stream.additionalHeaders({ ":status": 103, link: "</a>" });
      stream.respond(
        { ":status": 201, "x-value": value(n), "x-twice": ["1", "2"] },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-late": "yes" }));
      stream.end("{}");
    });
    const { exchanges } = await http2.burst(target, posts(20), options());
    for (const [index, { status, headers }] of exchanges.entries()) {
      expect(status).toBe(201);
      expect(headers["x-value"]).toBe(value(index));
      expect(headers["x-twice"]).toBe("1, 2");
      expect(Object.keys(headers).some((name) => name.startsWith(":"))).toBe(false);
    }
  });

  it("takes an answer that comes before the end of its request, and lets the others go", async () => {
    const target = await servers.http2(async (stream, body) => {
      if (stream.sentHeaders === undefined && stream.id === 1) {
        stream.respond({ ":status": 413 }, { endStream: true });
        return;
      }
      await echo(stream, body);
    });
    const { exchanges } = await http2.burst(target, posts(3), options());
    expect(exchanges.map(({ status }) => status)).toEqual([413, 200, 200]);
  });

  it("tells a stream that was refused from one that was answered", async () => {
    const target = await servers.http2((stream, body) =>
      stream.id === 3 ? stream.close(7) : void echo(stream, body),
    );
    const { exchanges } = await http2.burst(target, posts(3), options());
    expect(outcomes({ exchanges })).toEqual([200, "REFUSED_STREAM", 200]);
  });

  it("a request that is never answered is one alone", async () => {
    const target = await servers.http2((stream, body) => {
      if (stream.id !== 1) void echo(stream, body);
    });
    const { exchanges } = await http2.burst(target, posts(3), options(2000));
    expect(outcomes({ exchanges })).toEqual(["timeout", 200, 200]);
  });

  it("requests without a body are not begun before their release, also where a server begins at the headers", async () => {
    let begun = 0;
    const target = await servers.http2((stream) => {
      begun++;
      stream.respond({ ":status": 200 }, { endStream: true });
    });
    const request = { method: "POST", path: "/logout", headers: {} };
    const held = await http2.hold(target, request, options());
    await sleep(60);
    expect(begun).toBe(0);
    held.release();
    expect((await held.done).status).toBe(200);
    held.close();
    const mixed = posts(6).map((one, index) => (index % 2 === 0 ? one : { ...one, request }));
    const burst = await http2.burst(target, mixed, options());
    expect(outcomes(burst)).toEqual(Array(6).fill(200));
    // Those with a body may be answered early: their headers are there.
    for (const index of [1, 3, 5])
      expect(burst.exchanges[index]?.began).toBeGreaterThanOrEqual(burst.release);
  });

  it("a request without a body that was not released yet is refused when the server goes away", async () => {
    const target = await servers.http2((stream) => {
      if (stream.id === 1) stream.session?.goaway(0, 1);
    });
    const request = { method: "DELETE", path: "/me", headers: {} };
    const late = { request, offsetMs: 150 };
    const burst = await http2.burst(target, [...posts(1), late, late], options(400));
    expect(outcomes(burst).slice(1)).toEqual(["REFUSED_STREAM", "REFUSED_STREAM"]);
  });

  it("a request is held for longer than an answer may take", async () => {
    const target = await servers.http2(echo);
    const [one] = posts(1);
    const held = await http2.hold(target, (one as ScheduledRequest).request, options(1500));
    await sleep(1600);
    held.release();
    expect((await held.done).status).toBe(200);
    held.close();
  });
});

describe("HTTP/2 against servers that do as they like: a typed outcome, never a hang", () => {
  const goAway = (last: number) => {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(last, 0);
    return frame(FRAME.goAway, 0, 0, payload);
  };
  it.each<[string, Hostile, readonly (number | string)[]]>([
    ["never answers", () => {}, ["timeout", "timeout"]],
    ["closes", (_send, socket) => socket.end(), ["ECONNRESET", "ECONNRESET"]],
    ["resets the connection", (_send, socket) => socket.resetAndDestroy(), ["ECONNRESET", "ECONNRESET"]],
    ["answers one and goes away", (send) => send([goAway(1), ...answer(1)]), [200, "REFUSED_STREAM"]],
    [
      "answers one and closes",
      (send, socket) => {
        send(answer(1));
        socket.end();
      },
      [200, "ECONNRESET"],
    ],
    ["answers what was not asked", (send) => send([...answer(1), ...answer(99)]), [200, "PROTOCOL_ERROR"]],
    [
      "pushes",
      (send) => send([frame(FRAME.pushPromise, FLAG.endHeaders, 1)]),
      ["PROTOCOL_ERROR", "PROTOCOL_ERROR"],
    ],
    [
      "sends a body without headers",
      (send) => send([frame(FRAME.data, FLAG.endStream, 1), ...answer(3)]),
      ["PROTOCOL_ERROR", 200],
    ],
    [
      "sends headers without end",
      (send) => {
        send([frame(FRAME.headers, 0, 1, encodeFields([[":status", "200"]]))]);
        send(Array<Frame>(30_000).fill(frame(FRAME.continuation, 0, 1)));
      },
      ["ENHANCE_YOUR_CALM", "ENHANCE_YOUR_CALM"],
    ],
    [
      "puts another frame between the parts of a header",
      (send) => send([frame(FRAME.headers, 0, 1, encodeFields([[":status", "200"]])), ...answer(3)]),
      ["PROTOCOL_ERROR", "PROTOCOL_ERROR"],
    ],
    [
      "sends a frame that is longer than allowed",
      (_send, socket) => socket.write(Buffer.from("ffffff000000000001", "hex")),
      ["FRAME_SIZE_ERROR", "FRAME_SIZE_ERROR"],
    ],
    [
      "opens a window without end",
      (send) => {
        const payload = Buffer.alloc(4);
        payload.writeUInt32BE(0x7fff_ffff);
        send([frame(FRAME.windowUpdate, 0, 0, payload)]);
      },
      ["FLOW_CONTROL_ERROR", "FLOW_CONTROL_ERROR"],
    ],
    [
      "sends what nobody knows, and then answers",
      (send) => send([frame(0xbe, 0xff, 7, Buffer.from("greased")), ...answer(1), ...answer(3)]),
      [200, 200],
    ],
    [
      "pads",
      (send) =>
        send([
          frame(
            FRAME.headers,
            FLAG.endHeaders | FLAG.padded | FLAG.priority,
            1,
            Buffer.concat([
              Buffer.from([3, 0, 0, 0, 0, 16]),
              encodeFields([[":status", "200"]]),
              Buffer.alloc(3),
            ]),
          ),
          frame(FRAME.data, FLAG.endStream | FLAG.padded, 1, Buffer.from("\u0002{}\0\0")),
          ...answer(3),
        ]),
      [200, 200],
    ],
  ])("%s", async (_name, behave, outcome) => {
    // Only who never answers has to be waited for.
    const patience = options(outcome.includes("timeout") ? 300 : 20_000);
    const { exchanges } = await http2.burst(await servers.raw(speaking(behave)), posts(2), patience);
    expect(outcomes({ exchanges })).toEqual(outcome);
  });

  it.each<[string, readonly Frame[]]>([
    ["no greeting", []],
    ["another greeting", answer(1)],
    ["settings that are not allowed", [frame(FRAME.settings, 0, 0, Buffer.from("0004ffffffff", "hex"))]],
  ])("%s: not spoken here", async (_name, greeting) => {
    expect(await http2.supports(await servers.raw(speaking(() => {}, greeting)), options())).toMatchObject({
      spoken: false,
    });
  });
});
