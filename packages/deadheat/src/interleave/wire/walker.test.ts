import fc from "fast-check";
import { expect, it } from "vitest";
import { message } from "./messages.ts";
import { MessageWalker } from "./walker.ts";

const one = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 300 }));

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((one) => one % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

it("finds the same messages however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, places) => {
        const found: [number, string][] = [];
        const walker = new MessageWalker("QPS", (type, bytes, start, end) =>
          found.push([type, bytes.toString("hex", start, end)]),
        );
        const stream = Buffer.concat(messages.map(([type, payload]) => message(type, Buffer.from(payload))));
        for (const chunk of cut(stream, places)) walker.push(chunk);
        const wanted = messages.filter(([type]) => [0x51, 0x50, 0x53].includes(type));
        expect(found).toEqual(wanted.map(([type, payload]) => [type, Buffer.from(payload).toString("hex")]));
        expect(walker.atBoundary).toBe(true);
      },
    ),
  );
});

it("keeps no more than the beginning of a long message that comes in pieces", () => {
  let length = 0;
  const walker = new MessageWalker("Q", (_type, _bytes, start, end) => {
    length = end - start;
  });
  const long = message(0x51, Buffer.alloc(1_000_000));
  for (let at = 0; at < long.length; at += 10_000) walker.push(long.subarray(at, at + 10_000));
  expect(length).toBe(65_536);
  expect(walker.atBoundary).toBe(true);
});

it("stops at a length that cannot be", () => {
  const walker = new MessageWalker("Q", () => expect.unreachable());
  walker.push(Buffer.from([0x51, 0, 0, 0, 3, 1, 2, 3]));
  expect(walker.lost).toBe(true);
  walker.push(message(0x51, Buffer.from("SELECT 1\0")));
});

it("ends the message under way, and no more", () => {
  const walker = new MessageWalker("Q", () => {});
  const [a, b] = [message(0x51, Buffer.from("SELECT 1\0")), message(0x53, Buffer.alloc(0))];
  walker.push(a.subarray(0, 7));
  expect(walker.finish(Buffer.concat([a.subarray(7), b]))).toBe(a.length - 7);
});
