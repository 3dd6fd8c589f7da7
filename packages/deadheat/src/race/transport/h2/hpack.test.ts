import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Http2Error } from "./errors.ts";
import { encodeFields, type Field, FieldDecoder } from "./hpack.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("header blocks", () => {
  // RFC 7541, Appendix C.4 and C.6: three blocks on one connection, with Huffman and the dynamic table.
  it("of requests are as in the RFC", () => {
    const decoder = new FieldDecoder();
    const host: Field = [":authority", "www.example.com"];
    const base: Field[] = [[":method", "GET"], [":scheme", "http"], [":path", "/"], host];
    expect(decoder.decode(hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))).toEqual(base);
    expect(decoder.decode(hex("8286 84be 5886 a8eb 1064 9cbf"))).toEqual([
      ...base,
      ["cache-control", "no-cache"],
    ]);
    expect(decoder.decode(hex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))).toEqual([
      [":method", "GET"],
      [":scheme", "https"],
      [":path", "/index.html"],
      host,
      ["custom-key", "custom-value"],
    ]);
  });

  it("of answers evict what no longer fits, as in the RFC", () => {
    const decoder = new FieldDecoder();
    const date = "Mon, 21 Oct 2013 20:13:21 GMT";
    // The RFC's table holds 256 bytes.
    decoder.decode(hex("3f e1 01"));
    const first = hex(
      "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
    );
    const rest: Field[] = [
      ["cache-control", "private"],
      ["date", date],
      ["location", "https://www.example.com"],
    ];
    expect(decoder.decode(first)).toEqual([[":status", "302"], ...rest]);
    expect(decoder.decode(hex("4883 640e ffc1 c0bf"))).toEqual([[":status", "307"], ...rest]);
  });

  const octets = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((one) => String.fromCharCode(one)) });

  it("that are encoded are decoded", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(octets, octets)), (fields) => {
        expect(new FieldDecoder().decode(encodeFields(fields))).toEqual(fields);
      }),
    );
  });

  it("that nobody meant are fields or an Http2Error, never anything else", () => {
    const valid = encodeFields([
      [":status", "200"],
      ["content-type", "application/json"],
    ]);
    const mutated = fc
      .tuple(fc.nat(valid.length - 1), fc.uint8Array({ maxLength: 6 }))
      .map(([at, bytes]) => Buffer.concat([valid.subarray(0, at), Buffer.from(bytes), valid.subarray(at)]));
    const anything = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.oneof(mutated, anything), { maxLength: 4 }), (blocks) => {
        const decoder = new FieldDecoder();
        try {
          for (const block of blocks) decoder.decode(block);
        } catch (error) {
          expect(error).toBeInstanceOf(Http2Error);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
