import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { Mails } from "./mailbox.ts";
import { parseMessage } from "./message.ts";
import { goesOn, lastMailIn, splitMails } from "./split.ts";

const EVERY_MS = 50;
const LIMIT_BYTES = 10_000_000;
const MOST_FILES = 10_000;

interface Watched {
  /** Bytes that are known. */
  done: number;
  /** Where the last mail among them begins, while no code has been found in it: it may not be all there. */
  last: number;
  /** Size at the last look; what grows is still being written. */
  size: number;
}

/** Looks for mail that is written to a file or a folder from now on. Polls: mounts of containers tell no changes. */
export async function watchFolder(
  path: string,
  mails: Mails,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const files = new Map<string, Watched>();
  for (const { key, size } of await filesIn(path)) files.set(key, { done: size, last: size, size });
  // Runs until the signal; its end is nobody's concern.
  void watch(path, files, mails, clock, signal).catch(() => {});
}

async function watch(
  path: string,
  files: Map<string, Watched>,
  mails: Mails,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const { key, file, size } of await filesIn(path)) {
      const known = files.get(key) ?? { done: 0, last: 0, size: -1 };
      files.set(key, known);
      if (size < known.done) known.done = known.last = 0;
      // Two looks with the same size: the mail has been written to its end, or its writer has been stalled.
      if (size > known.done && size === known.size) await readNew(file, known, size, mails);
      known.size = size;
    }
    await clock.sleep(EVERY_MS, signal);
  }
}

/** Adds the mails that were written since the last look, and moves the offsets. */
async function readNew(file: string, known: Watched, to: number, mails: Mails): Promise<void> {
  const { done } = known;
  let from = Math.max(Math.min(known.last, done), to - LIMIT_BYTES);
  let bytes = await readBetween(file, from, to);
  // Moved or removed between two looks (a maildir does so); where it went, it is found again.
  if (!bytes) return;
  const earlier = Math.max(0, done - from);
  if (!goesOn(bytes.subarray(0, earlier), bytes.subarray(earlier))) {
    bytes = bytes.subarray(earlier);
    from += earlier;
  }
  let coded = false;
  for (const raw of splitMails(bytes)) {
    const message = await parseMessage(raw);
    coded = message !== undefined && mails.add(message);
  }
  known.last = coded ? to : from + lastMailIn(bytes);
  known.done = to;
}

async function readBetween(file: string, from: number, to: number): Promise<Buffer | undefined> {
  try {
    const handle = await open(file);
    try {
      const buffer = Buffer.alloc(to - from);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

interface Found {
  /** Names the mail, wherever a maildir has moved it. */
  readonly key: string;
  readonly file: string;
  readonly size: number;
}

async function filesIn(path: string): Promise<Found[]> {
  const root = await stat(path).catch(() => undefined);
  if (!root) return [];
  if (!root.isDirectory()) return [{ key: "", file: path, size: root.size }];
  const names = await readdir(path, { recursive: true }).catch(() => []);
  const found: Found[] = [];
  // A maildir's `tmp` holds what is not delivered yet.
  for (const name of names.filter((one) => !/(^|[\\/])tmp[\\/]/.test(one)).slice(-MOST_FILES)) {
    const file = join(path, name);
    const seen = await stat(file).catch(() => undefined);
    if (seen?.isFile()) found.push({ key: keyOf(name), file, size: seen.size });
  }
  return found;
}

/** `new/1.host` and `cur/1.host:2,S` are one mail (maildir). */
function keyOf(name: string): string {
  return name.replace(/(^|[\\/])(new|cur)([\\/])/, "$1$3").replace(/:2,[A-Za-z]*$/, "");
}
