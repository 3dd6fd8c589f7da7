/** Request codes of packets without a type byte (PostgreSQL documentation, Message Formats). */
const SSL_REQUEST = 80877103;
const GSSENC_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
/** As the server itself limits it: MAX_STARTUP_PACKET_LENGTH. */
const LONGEST_STARTUP = 10_000;
/** The first byte of a TLS ClientHello: a client that does not ask first (sslnegotiation=direct). */
const TLS_HANDSHAKE = 0x16;

/** What a client says before anything else. */
export type Opening =
  | { readonly kind: "incomplete" }
  | { readonly kind: "encryption"; readonly bytes: number }
  | { readonly kind: "direct-tls" }
  | { readonly kind: "cancel"; readonly bytes: number; readonly pid: number; readonly secret: Buffer }
  | {
      readonly kind: "startup";
      readonly bytes: number;
      readonly version: { readonly major: number; readonly minor: number };
      readonly parameters: ReadonlyMap<string, string>;
    }
  | { readonly kind: "invalid" };

/** Reads the packet at the beginning of `buffer`: 3.0, 3.2 or later, they differ in what follows only. */
export function readOpening(buffer: Buffer): Opening {
  if (buffer[0] === TLS_HANDSHAKE) return { kind: "direct-tls" };
  if (buffer.length < 8) return { kind: buffer.length > 0 && buffer[0] !== 0 ? "invalid" : "incomplete" };
  const size = buffer.readInt32BE(0);
  if (size < 8 || size > LONGEST_STARTUP) return { kind: "invalid" };
  if (buffer.length < size) return { kind: "incomplete" };
  const code = buffer.readInt32BE(4);
  if (code === SSL_REQUEST || code === GSSENC_REQUEST)
    return size === 8 ? { kind: "encryption", bytes: size } : { kind: "invalid" };
  if (code === CANCEL_REQUEST) {
    if (size < 16) return { kind: "invalid" };
    const secret = Buffer.from(buffer.subarray(12, size));
    return { kind: "cancel", bytes: size, pid: buffer.readInt32BE(8), secret };
  }
  const version = { major: code >>> 16, minor: code & 0xffff };
  if (version.major !== 3) return { kind: "invalid" };
  return { kind: "startup", bytes: size, version, parameters: parametersIn(buffer.subarray(8, size)) };
}

function parametersIn(bytes: Buffer): Map<string, string> {
  const parts = bytes.toString("utf8").split("\0");
  const parameters = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length && parts[index] !== ""; index += 2)
    parameters.set(parts[index] as string, parts[index + 1] as string);
  return parameters;
}

/** Asks the server for TLS. */
export function sslRequest(): Buffer {
  const packet = Buffer.alloc(8);
  packet.writeInt32BE(8, 0);
  packet.writeInt32BE(SSL_REQUEST, 4);
  return packet;
}

/** Secrets are 4 bytes long in 3.0 and up to 256 in 3.2. */
export function cancelRequest(pid: number, secret: Buffer): Buffer {
  const packet = Buffer.alloc(12 + secret.length);
  packet.writeInt32BE(packet.length, 0);
  packet.writeInt32BE(CANCEL_REQUEST, 4);
  packet.writeInt32BE(pid, 8);
  secret.copy(packet, 12);
  return packet;
}
