import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { type Exchange, type HttpRequest, parseJson } from "./exchange.ts";

/** No answer of an API is longer, bytes, as it travels and unpacked. */
export const MOST_BODY_BYTES = 16 * 1024 * 1024;
/** More codings one upon the other are an attack, not an answer. */
const MOST_CODINGS = 3;
const LIMIT = { maxOutputLength: MOST_BODY_BYTES };

const gunzipped = promisify<Buffer, typeof LIMIT, Buffer>(gunzip);
const unbrotlied = promisify<Buffer, typeof LIMIT, Buffer>(brotliDecompress);
const inflated = promisify<Buffer, typeof LIMIT, Buffer>(inflate);
const inflatedRaw = promisify<Buffer, typeof LIMIT, Buffer>(inflateRaw);

type Decoder = (bytes: Buffer) => Promise<Buffer>;

/** Content codings (RFC 9110 §8.4.1). */
const DECODERS: Readonly<Record<string, Decoder>> = {
  identity: async (bytes) => bytes,
  gzip: (bytes) => gunzipped(bytes, LIMIT),
  "x-gzip": (bytes) => gunzipped(bytes, LIMIT),
  br: (bytes) => unbrotlied(bytes, LIMIT),
  // Some servers send what RFC 1951 describes without the frame of RFC 1950 that is meant.
  deflate: (bytes) =>
    inflated(bytes, LIMIT).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ERR_BUFFER_TOO_LARGE") throw cause;
      return inflatedRaw(bytes, LIMIT);
    }),
};

/** What arrived, as it travelled. */
export interface ReceivedAnswer {
  readonly request: HttpRequest;
  readonly invoke: number;
  /** When its first byte arrived, ms. */
  readonly began?: number | undefined;
  /** When its last byte arrived, ms. */
  readonly return: number;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** The exchange that it completes. Rejects, with a code, where the body cannot be unpacked within the limit. */
export async function answered({ bytes, began, ...rest }: ReceivedAnswer): Promise<Exchange> {
  const body = await decoded(bytes, rest.headers["content-encoding"]);
  return {
    ...rest,
    ...(began === undefined ? {} : { began }),
    body: body && parseJson(body.toString("utf8")),
  };
}

/** `undefined` for a coding that is not known here. */
async function decoded(bytes: Buffer, codings = ""): Promise<Buffer | undefined> {
  const names = codings
    .toLowerCase()
    .split(",")
    .flatMap((one) => one.trim() || []);
  // What has no body may still say how it would be packed: HEAD, 204, 304.
  if (names.length === 0 || bytes.length === 0) return bytes;
  if (names.length > MOST_CODINGS) return undefined;
  let unpacked = bytes;
  for (const name of names.reverse()) {
    const decode = DECODERS[name];
    if (!decode) return undefined;
    unpacked = await decode(unpacked).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === "ERR_BUFFER_TOO_LARGE" ? tooLarge() : cause;
    });
  }
  return unpacked;
}

export function tooLarge(): Error {
  return Object.assign(new Error("the body is too large"), { code: "body-too-large" });
}

/** One value a name: what comes several times stands in one, separated by commas (RFC 9110 §5.3). */
export function singleValues(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "string" ? value : (value?.join(", ") ?? ""),
    ]),
  );
}
