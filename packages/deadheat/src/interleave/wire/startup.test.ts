import fc from "fast-check";
import { expect, it } from "vitest";
import { cancelRequest, readOpening, sslRequest } from "./startup.ts";

function startup(minor: number, parameters: Record<string, string>): Buffer {
  const text = Object.entries(parameters).flat();
  const body = Buffer.from(`${text.map((one) => `${one}\0`).join("")}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE((3 << 16) | minor, 4);
  return Buffer.concat([head, body]);
}

it.each([0, 2, 9999])("reads the startup of protocol 3.%i", (minor) => {
  const opening = readOpening(startup(minor, { user: "u", database: "d" }));
  expect(opening).toMatchObject({ kind: "startup", version: { major: 3, minor } });
  expect(opening.kind === "startup" && opening.parameters.get("database")).toBe("d");
});

it("waits for the rest of a packet that came in pieces", () => {
  const whole = startup(0, { user: "u" });
  for (let end = 0; end < whole.length; end++)
    expect(readOpening(whole.subarray(0, end)).kind).toBe("incomplete");
});

it("tells requests for encryption from a ClientHello that asks nothing", () => {
  expect(readOpening(sslRequest())).toEqual({ kind: "encryption", bytes: 8 });
  expect(readOpening(Buffer.from([0x16, 3, 1])).kind).toBe("direct-tls");
});

it.each([4, 32, 256])("reads a cancel request with a key of %i bytes", (length) => {
  const secret = Buffer.alloc(length, 7);
  expect(readOpening(cancelRequest(4711, secret))).toMatchObject({ kind: "cancel", pid: 4711, secret });
});

it("survives anything", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void readOpening(Buffer.from(bytes))));
});
