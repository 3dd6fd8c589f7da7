import { HEADER_BYTES } from "./walker.ts";

/** Types of messages, by the names of the PostgreSQL documentation (Message Formats). */
export const FRONTEND = {
  bind: 0x42,
  close: 0x43,
  execute: 0x45,
  functionCall: 0x46,
  flush: 0x48,
  parse: 0x50,
  query: 0x51,
  sync: 0x53,
  copyDone: 0x63,
  copyFail: 0x66,
} as const;

export const BACKEND = {
  commandComplete: 0x43,
  dataRow: 0x44,
  errorResponse: 0x45,
  emptyQuery: 0x49,
  backendKeyData: 0x4b,
  authentication: 0x52,
  readyForQuery: 0x5a,
  portalSuspended: 0x73,
} as const;

/** A zero-terminated text, and where what follows it begins. One without its zero ends where the payload does. */
export function textAt(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly text: string; readonly next: number } {
  const zero = bytes.subarray(start, end).indexOf(0);
  const stop = zero < 0 ? end : start + zero;
  return { text: bytes.toString("utf8", start, stop), next: Math.min(stop + 1, end) };
}

/** The columns of a DataRow; of one that is cut short, those that are whole. */
export function columnsOf(bytes: Buffer, start: number, end: number): (Buffer | null)[] {
  const columns: (Buffer | null)[] = [];
  if (end - start < 2) return columns;
  const count = bytes.readInt16BE(start);
  let at = start + 2;
  while (columns.length < count && at + 4 <= end) {
    const size = bytes.readInt32BE(at);
    at += 4;
    if (size > end - at) break;
    columns.push(size < 0 ? null : bytes.subarray(at, at + size));
    at += Math.max(0, size);
  }
  return columns;
}

/** A message of one's own. */
export function message(type: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
  bytes[0] = type;
  bytes.writeInt32BE(payload.length + 4, 1);
  payload.copy(bytes, HEADER_BYTES);
  return bytes;
}

/** An ErrorResponse as libpq and the drivers show it. */
export function errorResponse(code: string, text: string, hint: string): Buffer {
  const fields = { S: "FATAL", V: "FATAL", C: code, M: text, H: hint };
  const body = Object.entries(fields).map(([name, value]) => `${name}${value}\0`);
  return message(BACKEND.errorResponse, Buffer.from(`${body.join("")}\0`));
}

/** The SQLSTATE of an ErrorResponse. */
export function sqlState(bytes: Buffer, start: number, end: number): string | undefined {
  let at = start;
  while (at < end && bytes[at] !== 0) {
    const field = bytes[at];
    const { text, next } = textAt(bytes, at + 1, end);
    if (field === 0x43) return text;
    at = next;
  }
  return undefined;
}
