import { Http2Error } from "./errors.ts";
import { huffmanDecode } from "./huffman.ts";

export type Field = readonly [name: string, value: string];

/** RFC 7541, Appendix A. */
const STATIC: readonly Field[] = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  ...["200", "204", "206", "304", "400", "404", "500"].map((status) => [":status", status] as const),
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ...(
    "accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control " +
    "content-disposition content-encoding content-language content-length content-location content-range content-type " +
    "cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since " +
    "last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after " +
    "server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate"
  )
    .split(" ")
    .map((name) => [name, ""] as const),
];

/** What the table may hold unless we say otherwise (RFC 9113 §6.5.2), bytes as RFC 7541 §4.1 counts them. */
const TABLE_BYTES = 4096;
const ENTRY_OVERHEAD = 32;
/** Of one answer's headers, bytes: no server needs more, and none gets more of our memory. */
const MOST_HEADER_BYTES = 256 * 1024;
const LARGEST_INTEGER = 2 ** 28;

/** A header that no proxy on the way may keep (§7.1.3). */
const SECRET = /^(authorization|cookie|proxy-authorization|x-api-key)$/;

/** Literals without a table, and without Huffman: the same request is the same bytes, wherever it stands. */
export function encodeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [
      Buffer.from([SECRET.test(name) ? 0x10 : 0x00]),
      text(Buffer.from(name, "latin1")),
      text(Buffer.from(value, "latin1")),
    ]),
  );
}

function text(octets: Buffer): Buffer {
  return Buffer.concat([integer(octets.length, 7), octets]);
}

/** RFC 7541 §5.1. */
function integer(value: number, prefixBits: number): Buffer {
  const most = 2 ** prefixBits - 1;
  if (value < most) return Buffer.from([value]);
  const octets = [most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return Buffer.from([...octets, rest]);
}

/** One for each connection: blocks build on those before. Throws Http2Error. */
export class FieldDecoder {
  /** The newest first. */
  #table: Field[] = [];
  #bytes = 0;
  #limit = TABLE_BYTES;

  decode(block: Buffer): Field[] {
    const input = new Input(block);
    const fields: Field[] = [];
    let bytes = 0;
    while (!input.done) {
      const field = this.#field(input);
      if (!field) continue;
      bytes += sizeOf(field);
      if (bytes > MOST_HEADER_BYTES) throw new Http2Error("ENHANCE_YOUR_CALM", "too many headers");
      fields.push(field);
    }
    return fields;
  }

  #field(input: Input): Field | undefined {
    const first = input.peek();
    if (first & 0x80) return this.#at(input.integer(7));
    if (first & 0x40) return this.#add(this.#literal(input, 6));
    if (first & 0x20) {
      const limit = input.integer(5);
      if (limit > TABLE_BYTES) throw new Http2Error("COMPRESSION_ERROR", "a table larger than allowed");
      this.#limit = limit;
      this.#evict();
      return undefined;
    }
    return this.#literal(input, 4);
  }

  #literal(input: Input, prefixBits: number): Field {
    const index = input.integer(prefixBits);
    return [index === 0 ? input.text() : this.#at(index)[0], input.text()];
  }

  #at(index: number): Field {
    const field = index <= STATIC.length ? STATIC[index - 1] : this.#table[index - STATIC.length - 1];
    if (!field) throw new Http2Error("COMPRESSION_ERROR", `no header has the index ${index}`);
    return field;
  }

  #add(field: Field): Field {
    this.#table.unshift(field);
    this.#bytes += sizeOf(field);
    this.#evict();
    return field;
  }

  #evict(): void {
    while (this.#bytes > this.#limit) this.#bytes -= sizeOf(this.#table.pop() as Field);
  }
}

function sizeOf([name, value]: Field): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}

class Input {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  get done(): boolean {
    return this.#at >= this.#octets.length;
  }

  peek(): number {
    const octet = this.#octets[this.#at];
    if (octet === undefined) throw new Http2Error("COMPRESSION_ERROR", "a header block that ends too soon");
    return octet;
  }

  integer(prefixBits: number): number {
    const most = 2 ** prefixBits - 1;
    let value = this.#next() & most;
    if (value < most) return value;
    for (let weight = 1; ; weight *= 128) {
      const octet = this.#next();
      value += (octet & 127) * weight;
      if (value > LARGEST_INTEGER) throw new Http2Error("COMPRESSION_ERROR", "a number that is too large");
      if (octet < 128) return value;
    }
  }

  text(): string {
    const isHuffman = (this.peek() & 0x80) !== 0;
    const length = this.integer(7);
    const end = this.#at + length;
    if (end > this.#octets.length)
      throw new Http2Error("COMPRESSION_ERROR", "a header block that ends too soon");
    const octets = this.#octets.subarray(this.#at, end);
    this.#at = end;
    return (isHuffman ? huffmanDecode(octets) : octets).toString("latin1");
  }

  #next(): number {
    const octet = this.peek();
    this.#at++;
    return octet;
  }
}
