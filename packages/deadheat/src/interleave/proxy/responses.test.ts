import { expect, it } from "vitest";
import { message } from "../wire/messages.ts";
import { Answers } from "./answers.ts";
import { Responses, type ServerKey } from "./responses.ts";

const ready = message(0x5a, Buffer.from("I"));

function started(tls = false) {
  const written: Buffer[] = [];
  const keys: { given: Buffer; real: ServerKey }[] = [];
  const answers = new Answers(
    () => undefined,
    () => {},
  );
  const sink = {
    write: (bytes: Buffer) => void written.push(Buffer.from(bytes)),
    key: (given: Buffer, real: ServerKey) => void keys.push({ given, real }),
  };
  return { responses: new Responses(sink, answers, tls), keys, written: () => Buffer.concat(written) };
}

function keyData(secret: Buffer): Buffer {
  const pid = Buffer.alloc(4);
  pid.writeInt32BE(4711);
  return message(0x4b, Buffer.concat([pid, secret]));
}

it.each([4, 32, 256])("gives the client a key of its own, as long as the server's: %i bytes", (length) => {
  const { responses, keys, written } = started();
  const secret = Buffer.alloc(length, 7);
  for (const byte of Buffer.concat([keyData(secret), ready])) responses.push(Buffer.from([byte]));
  const [key] = keys;
  expect(key?.real).toEqual({ pid: 4711, secret });
  expect(key?.given).toHaveLength(length);
  expect(key?.given.equals(secret)).toBe(false);
  expect(written().equals(Buffer.concat([keyData(key?.given as Buffer), ready]))).toBe(true);
});

it("passes on everything as it is once the session is ready, and what is no protocol at once", () => {
  const { responses, keys, written } = started();
  const later = keyData(Buffer.alloc(4, 1));
  responses.push(Buffer.concat([ready, later]));
  expect(written().equals(Buffer.concat([ready, later]))).toBe(true);
  expect(keys).toEqual([]);
  const other = started();
  other.responses.push(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
  expect(other.written().toString()).toMatch(/^HTTP/);
});

function sasl(...names: string[]): Buffer {
  return message(0x52, Buffer.concat([Buffer.from([0, 0, 0, 10]), Buffer.from(`${names.join("\0")}\0\0`)]));
}

it("takes the offer of channel binding away where TLS ends at the proxy, and touches SCRAM nowhere else", () => {
  const both = sasl("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
  const [clear, tls] = [started(false), started(true)];
  clear.responses.push(both);
  tls.responses.push(both);
  expect(clear.written().equals(both)).toBe(true);
  expect(tls.written().equals(sasl("SCRAM-SHA-256"))).toBe(true);
  const step = message(0x52, Buffer.from([0, 0, 0, 11, 1, 2, 3]));
  tls.responses.push(step);
  expect(tls.written().subarray(-step.length).equals(step)).toBe(true);
});
