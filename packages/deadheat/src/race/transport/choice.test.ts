import { describe, expect, it } from "vitest";
import type { Exchange } from "../exchange.ts";
import type { Target } from "../target.ts";
import { TransportChoice } from "./choice.ts";
import { type ProbeOptions, probeTransports } from "./probe.ts";
import { tightnessOf } from "./tightness.ts";
import type { Burst, Support, Transport } from "./transport.ts";
import { turnOf } from "./turn.ts";

const request = { method: "GET", path: "/", headers: {} };
const target = {} as Target;

/** A burst whose answers began so much after one another. */
function spread(ms: number, count = 8, status: number | "none" = 200): Burst {
  const exchanges = Array.from({ length: count }, (_, index): Exchange => {
    const began = 10 + (ms * index) / (count - 1);
    const answer = status === "none" ? { failure: "ECONNRESET" } : { began, return: began, status };
    return { request, invoke: 0, headers: {}, body: undefined, ...answer };
  });
  return { release: 1, releases: exchanges.map(() => 1), exchanges };
}

function transport(
  name: Transport["name"],
  burst: (round: number) => Burst | Error,
  support: Support = { spoken: true },
): Transport & { bursts: number } {
  const one = {
    name,
    label: name.toUpperCase(),
    bursts: 0,
    supports: async () => support,
    hold: async () => {
      throw new Error("held");
    },
    burst: async () => {
      const result = burst(one.bursts++);
      if (result instanceof Error) throw result;
      return result;
    },
  };
  return one as unknown as Transport & { bursts: number };
}

const options: ProbeOptions = {
  clock: { now: () => 0, sleep: async () => {} },
  signal: new AbortController().signal,
  timeoutMs: 1000,
  request,
  rounds: 11,
  admit: async () => {},
  onBurst: () => {},
};
const names = (list: readonly Transport[]) => list.map(({ name }) => name);
const probe = (list: readonly Transport[], given: Partial<ProbeOptions> = {}) =>
  probeTransports(list, target, { ...options, ...given });

describe("the tighter of two transports", () => {
  it("goes first, and the rest of the rounds is saved where it is clear", async () => {
    const [two, one] = [transport("http2", () => spread(2)), transport("http1", () => spread(1))];
    expect(names((await probe([two, one])).spoken)).toEqual(["http1", "http2"]);
    expect(two.bursts).toBeLessThan(11);
  });

  it("is judged by the median: one bad moment of the machine decides nothing", async () => {
    const two = transport("http2", (round) => spread(round === 3 ? 90 : 1));
    const one = transport("http1", () => spread(2));
    expect(names((await probe([two, one])).spoken)).toEqual(["http2", "http1"]);
  });

  it("HTTP/2 where they are as good as the same", async () => {
    const two = transport("http2", () => spread(1.05));
    expect(names((await probe([two, transport("http1", () => spread(1))])).spoken)).toEqual([
      "http2",
      "http1",
    ]);
  });

  it("what the first burst opens on the server's side does not count", async () => {
    const two = transport("http2", (round) => spread(round === 0 ? 50 : 1));
    const probed = await probe([two, transport("http1", () => spread(3))]);
    expect(probed.tallies.get(two)?.summary()).toMatchObject({ spreadMs: 1, overlap: 1 });
  });

  it("is not looked for where the API asks to be left alone", async () => {
    const two = transport("http2", () => spread(1, 8, 429));
    const one = transport("http1", () => spread(1));
    const { spoken, tallies } = await probe([two, one]);
    expect([two.bursts, one.bursts]).toEqual([1, 0]);
    expect(names(spoken)).toEqual(["http2", "http1"]);
    expect(tallies.get(two)?.summary().spreadMs).toBeUndefined();
  });
});

describe("a mode that degrades is never silent", () => {
  const degradedBy = async (two: Transport, one = transport("http1", () => spread(1))) => {
    const told: string[] = [];
    const choice = new TransportChoice(await probe([two, one]), ({ reason }) => told.push(reason));
    expect(choice.report().degraded.map(({ reason }) => reason)).toEqual(told);
    return { choice, told };
  };

  it.each<[string, Transport, RegExp]>([
    [
      "not spoken",
      transport("http2", () => spread(1), { spoken: false, reason: "no ALPN" }),
      /not used: no ALPN/,
    ],
    ["refused", transport("http2", () => new Error("REFUSED_STREAM")), /requests over it fail/],
    ["not answered", transport("http2", () => spread(1, 8, "none")), /not answered \(ECONNRESET\)/],
    ["not the tighter", transport("http2", () => spread(4)), /lost its edge: 4.00 ms against 1.00 ms/],
  ])("%s", async (_name, two, reason) => {
    const { choice, told } = await degradedBy(two);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(reason);
    expect(choice.report().used).toBe("http1");
  });

  it("fails again and again while the other does not: the rest goes over the other", async () => {
    const two = transport("http2", () => spread(1));
    const one = transport("http1", () => spread(2));
    const { choice, told } = await degradedBy(two, one);
    choice.failed(two, "GOAWAY");
    choice.failed(two, "GOAWAY");
    choice.sent(one, spread(2));
    expect(told).toEqual([]);
    choice.failed(two, "GOAWAY");
    expect(told[0]).toMatch(/3 bursts in a row could not be sent \(GOAWAY\)/);
    expect(names(choice.usable)).toEqual(["http1"]);
    expect(choice.report()).toMatchObject({ used: "http1", trials: [{ name: "http1", bursts: 1 }] });
  });

  it("a server that is not there takes nothing away from any of them", async () => {
    const [two, one] = [transport("http2", () => spread(1)), transport("http1", () => spread(2))];
    const { choice, told } = await degradedBy(two, one);
    for (let index = 0; index < 10; index++)
      for (const each of [two, one]) choice.failed(each, "ECONNREFUSED");
    expect(told).toEqual([]);
    expect(names(choice.usable)).toEqual(["http2", "http1"]);
  });
});

describe("what answers tell of a burst", () => {
  it("overlap: what left before the first answer began", () => {
    const burst = { ...spread(6, 4), releases: [1, 9, 11, 20] };
    expect(tightnessOf(burst)).toEqual({ spreadMs: 6, overlap: 0.5 });
  });

  it("nothing, where one was not answered", () => {
    const { exchanges } = spread(1, 2);
    const lost = { ...(exchanges[0] as Exchange), began: undefined } as unknown as Exchange;
    expect(tightnessOf({ release: 0, exchanges: [...exchanges, lost] })).toBeUndefined();
  });
});

describe("turns", () => {
  const [two, one] = [transport("http2", () => spread(1)), transport("http1", () => spread(1))];

  it("are the tighter one's but for one in four, and each counts its own", () => {
    const turns = Array.from({ length: 10 }, (_, index) => turnOf([two, one], index));
    expect(turns.map((each) => `${each?.transport.name} ${each?.nth}`)).toEqual([
      "http2 0",
      "http1 0",
      "http2 1",
      "http2 2",
      "http2 3",
      "http1 1",
      "http2 4",
      "http2 5",
      "http2 6",
      "http1 2",
    ]);
  });

  it("are all of one where there is one", () => {
    expect([0, 1, 2].map((index) => turnOf([one], index))).toEqual(
      [0, 1, 2].map((nth) => ({ transport: one, nth })),
    );
    expect(turnOf([], 0)).toBeUndefined();
  });
});
