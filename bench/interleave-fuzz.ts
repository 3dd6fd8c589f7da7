/**
 * Mutated protocol messages through the proxy's two directions, without a network:
 *
 *   node --import tsx -C source bench/interleave-fuzz.ts [--messages 1000000] [--seed N]
 *
 * Whatever comes, nothing may throw, and the bytes that are handed on are those that came, in order. Somebody looks at
 * some of the streams, holds some statements, and stops looking at any moment. Ends with exit code 1 at the first
 * difference, with its seed.
 */
import { parseArgs } from "node:util";
import { Answers } from "../packages/deadheat/src/interleave/proxy/answers.ts";
import type { Observer } from "../packages/deadheat/src/interleave/proxy/observer.ts";
import { Requests } from "../packages/deadheat/src/interleave/proxy/requests.ts";
import { Responses } from "../packages/deadheat/src/interleave/proxy/responses.ts";
import { readOpening } from "../packages/deadheat/src/interleave/wire/startup.ts";
import { type Random, seededRandom } from "../packages/deadheat/src/random.ts";
import { asClient, asServer, mutated, startupOf } from "./interleave/traffic.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 0x7fffffff) },
  },
});
const wanted = Number(values.messages);
const seed = Number(values.seed);
const MESSAGES = 40;
const SHARES = [0, 0.02, 0.1, 0.5];

let messages = 0;
let streams = 0;
let held = 0;
const started = performance.now();
while (messages < wanted) {
  const random = seededRandom(seed + streams);
  try {
    await requests(random);
    responses(random);
    for (let index = 0; index < 5; index++) readOpening(mutated(startupOf(random), random));
  } catch (error) {
    console.error(`stream ${streams} (seed ${seed + streams}):`, error);
    process.exit(1);
  }
  streams++;
  messages += 2 * MESSAGES + 5;
  if (streams % 2000 === 0) process.stderr.write(`\r${messages.toLocaleString("en-US")} messages`);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const memory = Math.round(process.memoryUsage().rss / 1e6);
console.log(
  `interleave-fuzz: ${messages} messages in ${streams} streams from seed ${seed}, ${held} held, ` +
    `0 crashes, 0 bytes changed, ${seconds} s, ${memory} MB`,
);

function stream(random: Random, make: (random: Random) => Buffer): Buffer {
  const parts: Buffer[] = [];
  // After a length that cannot be, a stream is not looked into any more: some have to stay whole for long.
  const share = SHARES[random.integer(0, SHARES.length - 1)] as number;
  for (let index = 0; index < MESSAGES; index++) {
    const bytes = make(random);
    parts.push(random.next() < share ? mutated(bytes, random) : bytes);
  }
  return Buffer.concat(parts);
}

function pieces(bytes: Buffer, random: Random): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = random.integer(1, random.next() < 0.5 ? 9 : 900);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

async function requests(random: Random): Promise<void> {
  const written: Buffer[] = [];
  let observer: Observer | undefined;
  const release: (() => void)[] = [];
  const looking: Observer = {
    statement() {
      if (random.next() < 0.7) return undefined;
      held++;
      return new Promise((resolve) => {
        release.push(resolve);
      });
    },
    answered: () => {},
  };
  const answers = new Answers(
    () => observer,
    () => subject.names.transactionEnded(),
  );
  const sink = {
    write: (one: Buffer) => written.push(Buffer.from(one)),
    pause() {},
    resume() {},
    isolationSet() {},
  };
  const subject = new Requests({ id: 1, pid: 1 }, sink, answers, () => observer);
  const whole = stream(random, asClient);
  for (const chunk of pieces(whole, random)) {
    if (random.next() < 0.1) observer = observer ? undefined : looking;
    if (!observer) subject.flush();
    subject.push(chunk);
    if (release.length > 0 && random.next() < 0.5) {
      for (const one of release.splice(0)) one();
      await Promise.resolve();
    }
    const said = asServer(random);
    answers.heard(said[0] as number, said, Math.min(5, said.length), said.length);
  }
  observer = undefined;
  while (release.length > 0) {
    for (const one of release.splice(0)) one();
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  }
  subject.flush();
  if (!Buffer.concat(written).equals(whole)) throw new Error("the server was told something else");
}

function responses(random: Random): void {
  const written: Buffer[] = [];
  const answers = new Answers(
    () => undefined,
    () => {},
  );
  let keys = 0;
  const sink = {
    write: (one: Buffer) => void written.push(Buffer.from(one)),
    key: () => {
      keys++;
    },
  };
  const subject = new Responses(sink, answers, false);
  const whole = stream(random, asServer);
  for (const chunk of pieces(whole, random)) subject.push(chunk);
  const passed = Buffer.concat(written);
  // A key that was given is another one; what is not complete when the stream ends was not handed on.
  if (keys === 0 && !whole.subarray(0, passed.length).equals(passed))
    throw new Error("the client was told something else");
}
