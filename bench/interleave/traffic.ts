import { message } from "../../packages/deadheat/src/interleave/wire/messages.ts";
import { cancelRequest, sslRequest } from "../../packages/deadheat/src/interleave/wire/startup.ts";
import type { Random } from "../../packages/deadheat/src/random.ts";

const SQL = [
  "SELECT 1",
  "BEGIN ISOLATION LEVEL SERIALIZABLE",
  "UPDATE t SET a = $1",
  "",
  "COPY t FROM STDIN",
  "é\u0001",
];

function pick<T>(random: Random, all: readonly T[]): T {
  return all[random.integer(0, all.length - 1)] as T;
}

function text(...parts: string[]): Buffer {
  return Buffer.from(parts.map((one) => `${one}\0`).join(""));
}

function bytes(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: random.integer(0, most) }, () => random.integer(0, 255)));
}

/** A message of a client's: the simple and the extended protocol, COPY, and some that there are not. */
export function asClient(random: Random): Buffer {
  const sql = pick(random, SQL);
  const name = pick(random, ["", "s1", "s2"]);
  return pick(random, [
    () => message(0x51, text(sql)),
    () => message(0x50, Buffer.concat([text(name, sql), Buffer.alloc(2)])),
    () => message(0x42, Buffer.concat([text("", name), bytes(random, 20)])),
    () => message(0x44, Buffer.concat([Buffer.from("S"), text(name)])),
    () => message(0x45, Buffer.concat([text(""), Buffer.alloc(4)])),
    () => message(0x43, Buffer.concat([Buffer.from(pick(random, ["S", "P"])), text(name)])),
    () => message(0x53, Buffer.alloc(0)),
    () => message(0x48, Buffer.alloc(0)),
    () => message(0x64, bytes(random, 200)),
    () => message(pick(random, [0x63, 0x66, 0x70, 0x46, 0x58]), bytes(random, 10)),
    () => message(random.integer(0, 255), bytes(random, 30)),
  ])();
}

/** A message of a server's. */
export function asServer(random: Random): Buffer {
  return pick(random, [
    () => message(0x5a, Buffer.from(pick(random, ["I", "T", "E"]))),
    () => message(0x43, text("UPDATE 1")),
    () => message(0x45, Buffer.from("SERROR\0C40001\0Mx\0\0")),
    () => message(0x44, bytes(random, 300)),
    () => message(0x4b, bytes(random, 40)),
    () =>
      message(
        0x52,
        Buffer.concat([Buffer.from([0, 0, 0, 10]), text("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "")]),
      ),
    () => message(random.integer(0, 255), bytes(random, 30)),
  ])();
}

export function startupOf(random: Random): Buffer {
  if (random.next() < 0.3) return sslRequest();
  if (random.next() < 0.3) return cancelRequest(random.integer(0, 99_999), bytes(random, 256));
  const body = text("user", "u", "database", "d", "");
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE((3 << 16) | random.integer(0, 3), 4);
  return Buffer.concat([head, body]);
}

/** Bits flipped, bytes lost, bytes doubled, and lengths that are wrong. */
export function mutated(original: Buffer, random: Random): Buffer {
  const copy = Buffer.from(original);
  if (copy.length === 0) return copy;
  const at = random.integer(0, copy.length - 1);
  switch (random.integer(0, 4)) {
    case 0:
      copy[at] = (copy[at] as number) ^ (1 << random.integer(0, 7));
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - random.integer(0, 8)))]);
    case 3:
      if (copy.length >= 5) copy.writeInt32BE(pick(random, [0, 3, 4, 5, -1, 0x7fffffff, 70_000]), 1);
      return copy;
    default:
      copy[at] = random.integer(0, 255);
      return copy;
  }
}
