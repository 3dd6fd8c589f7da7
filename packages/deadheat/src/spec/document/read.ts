import { readFileSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { DeadheatError } from "../../errors.ts";

const MEGABYTE = 1_000_000;
/** JSON.parse makes of a text about five times its size in memory; the yaml package thirty times, in a second a MB. */
const MOST_JSON_BYTES = 256 * MEGABYTE;
const MOST_YAML_BYTES = 32 * MEGABYTE;

const HINT = "Give the path of an OpenAPI document, for example: deadheat plan openapi.yaml";

/** Reads a document. Throws DeadheatError where there is none, it cannot be read, or it is too large. */
export async function readDocument(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const start = Buffer.alloc(64);
      const { bytesRead } = size > MOST_YAML_BYTES ? await handle.read(start, 0, 64, 0) : { bytesRead: 0 };
      assertSize(file, size, decoded(start.subarray(0, bytesRead)));
      return decoded(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof DeadheatError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason === "ENOENT")
      throw new DeadheatError("document-missing", `${file}: no such file`, HINT, cause);
    throw new DeadheatError("document-unreadable", `${file}: cannot be read (${reason})`, HINT, cause);
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
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}
