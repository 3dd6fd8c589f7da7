import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { DeadheatError } from "../../errors.ts";

const MEGABYTE = 1_000_000;
/** JSON.parse makes of a text about five times its size in memory; the yaml package thirty times, in a second a MB. */
const MOST_JSON_BYTES = 256 * MEGABYTE;
const MOST_YAML_BYTES = 32 * MEGABYTE;

const HINT = "Give the path of an OpenAPI document, for example: deadheat plan openapi.yaml";

/** Reads a document. Throws DeadheatError where there is none, it cannot be read, or it is too large. */
export function readDocument(file: string): string {
  try {
    const found = statSync(file);
    // What a pipe has given once (`plan <(curl …)`) it does not give again.
    if (!found.isFile()) return decoded(readFileSync(file));
    const start = beginningOf(file);
    assertSize(file, found.size, decoded(start));
    // Node reads UTF-8 without a copy in between; what has a mark of another encoding is decoded by it.
    return isUtf16(start) ? decoded(readFileSync(file)) : withoutMark(readFileSync(file, "utf8"));
  } catch (cause) {
    if (cause instanceof DeadheatError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason === "ENOENT")
      throw new DeadheatError("document-missing", `${file}: no such file`, HINT, cause);
    throw new DeadheatError("document-unreadable", `${file}: cannot be read (${reason})`, HINT, cause);
  }
}

function beginningOf(file: string): Buffer {
  const handle = openSync(file, "r");
  try {
    const start = Buffer.alloc(64);
    return start.subarray(0, readSync(handle, start, 0, 64, 0));
  } finally {
    closeSync(handle);
  }
}

/** Reads a file that a document refers to; what is wrong with it is said in words. */
export function readReferenced(file: string): { readonly text: string } | { readonly problem: string } {
  try {
    if (statSync(file).size > MOST_YAML_BYTES) return { problem: "is too large" };
    return { text: decoded(readFileSync(file)) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: code === "ENOENT" ? "does not exist" : `cannot be read (${code})` };
  }
}

function assertSize(file: string, size: number, start: string): void {
  const json = /^\s*[{[]/.test(start);
  if (size <= (json ? MOST_JSON_BYTES : MOST_YAML_BYTES)) return;
  throw new DeadheatError(
    "document-unreadable",
    `${file}:1:1: ${Math.round(size / MEGABYTE)} MB are too much for ${json ? "a document" : "a YAML document"}`,
    json ? "Split it." : `Convert it to JSON, which may have ${MOST_JSON_BYTES / MEGABYTE} MB, or split it.`,
  );
}

/** By its byte-order mark, which is taken off; UTF-8 where there is none. */
function decoded(bytes: Buffer): string {
  if (isUtf16(bytes)) return new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
  return withoutMark(bytes.toString("utf8"));
}

function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** A text without the byte-order mark that it may begin with. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
