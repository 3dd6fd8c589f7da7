/** Error codes of RFC 9113 §7, by number. */
const CODES = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

export type Http2Code = (typeof CODES)[number];

/** A connection or a stream that cannot go on; `code` is RFC 9113's name. */
export class Http2Error extends Error {
  readonly code: Http2Code;

  constructor(code: Http2Code, message: string) {
    super(message);
    this.code = code;
  }
}

/** The name of a number; numbers that the RFC does not know count as INTERNAL_ERROR (§7). */
export function codeNamed(number: number): Http2Code {
  return CODES[number] ?? "INTERNAL_ERROR";
}

export function numberOf(code: Http2Code): number {
  return CODES.indexOf(code);
}
