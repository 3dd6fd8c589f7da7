/**
 * Mutated HTTP/2 frames into a connection, without a network:
 *
 *   node --import tsx -C source bench/transport-fuzz.ts [--frames 1000000] [--seed N]
 *
 * Whatever comes, nothing may be thrown and every request has an outcome with a code. Ends with exit code 1 at the first
 * that does not, with its seed.
 */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { parseArgs } from "node:util";
import { Connection } from "../packages/deadheat/src/race/transport/h2/connection.ts";
import { encodeFrame, FLAG, FRAME } from "../packages/deadheat/src/race/transport/h2/frames.ts";
import { encodeFields } from "../packages/deadheat/src/race/transport/h2/hpack.ts";
import { type Random, seededRandom } from "../packages/deadheat/src/random.ts";

const { values } = parseArgs({
  options: {
    frames: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 0x7fffffff) },
  },
});
const wanted = Number(values.frames);
const seed = Number(values.seed);
const FRAMES = 40;
const REQUESTS = 4;
const SHARES = [0, 0.02, 0.1, 0.5];
const TYPES = [...Object.values(FRAME), 0xbe];

class Wire extends Duplex {
  override _read(): void {}

  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
}

const outcomes = new Map<string, number>();
let frames = 0;
let connections = 0;
const started = performance.now();
while (frames < wanted) {
  try {
    await connection(seededRandom(seed + connections));
  } catch (error) {
    console.error(`connection ${connections} (seed ${seed + connections}):`, error);
    process.exit(1);
  }
  connections++;
  frames += FRAMES;
  if (connections % 1000 === 0) process.stderr.write(`\r${frames.toLocaleString("en-US")} frames`);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const memory = Math.round(process.memoryUsage().rss / 1e6);
const told = [...outcomes].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`);
console.log(
  `transport-fuzz: ${frames} frames on ${connections} connections from seed ${seed}, 0 crashes, 0 requests without ` +
    `an outcome, ${seconds} s, ${memory} MB\n${told.join(", ")}`,
);

async function connection(random: Random): Promise<void> {
  const wire = new Wire();
  const one = new Connection(wire as unknown as Socket, () => 0);
  wire.push(encodeFrame({ type: FRAME.settings, flags: 0, stream: 0, payload: Buffer.alloc(0) }));
  await one.greeted();
  const streams = Array.from({ length: REQUESTS }, (_, index) =>
    // Every other one without a body: it is opened when it is released.
    one.request([[":method", "POST"]], Buffer.from(index % 2 === 0 ? "{}" : "")),
  );
  for (const stream of streams) one.release(stream);
  const share = SHARES[random.integer(0, SHARES.length - 1)] as number;
  const bytes = Buffer.concat(Array.from({ length: FRAMES }, () => frame(random, share)));
  for (let at = 0; at < bytes.length; ) {
    const size = random.integer(1, random.next() < 0.3 ? 9 : 900);
    if (!wire.destroyed) wire.push(bytes.subarray(at, at + size));
    at += size;
  }
  await new Promise<void>((resolve) => setImmediate(resolve));
  one.close();
  for (const outcome of await Promise.allSettled(streams.map((stream) => stream.answer))) {
    const name = outcome.status === "fulfilled" ? "answered" : outcome.reason.code;
    if (typeof name !== "string") throw outcome.status === "rejected" ? outcome.reason : new Error("no code");
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  }
}

/** Mostly what a server may send, now and then with bits turned or bytes put in or out. */
function frame(random: Random, share: number): Buffer {
  const stream = 2 * random.integer(0, REQUESTS - 1) + 1;
  const pick = random.next();
  const whole =
    pick < 0.3
      ? { type: FRAME.headers, flags: FLAG.endHeaders, stream, payload: encodeFields([[":status", "200"]]) }
      : pick < 0.6
        ? { type: FRAME.data, flags: random.integer(0, 1), stream, payload: Buffer.from("{}") }
        : pick < 0.8
          ? { type: FRAME.windowUpdate, flags: 0, stream, payload: Buffer.from([0, 0, 1, 0]) }
          : pick < 0.95
            ? { type: FRAME.ping, flags: random.integer(0, 1), stream: 0, payload: Buffer.alloc(8) }
            : {
                type: TYPES[random.integer(0, TYPES.length - 1)] as number,
                flags: random.integer(0, 255),
                stream: random.integer(0, 9),
                payload: Buffer.from(
                  Array.from({ length: random.integer(0, 20) }, () => random.integer(0, 255)),
                ),
              };
  const bytes = encodeFrame(whole);
  return random.next() < share ? mutated(bytes, random) : bytes;
}

function mutated(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(0, bytes.length - 1);
  if (random.next() < 0.6) {
    const turned = Buffer.from(bytes);
    turned[at] = (turned[at] ?? 0) ^ (1 << random.integer(0, 7));
    return turned;
  }
  const put = Buffer.from(Array.from({ length: random.integer(0, 4) }, () => random.integer(0, 255)));
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + random.integer(0, 3))]);
}
