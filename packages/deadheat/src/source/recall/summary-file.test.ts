import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Place, SummaryFile } from "./summary-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deadheat-summaries-"));
  path = join(folder, "some.summaries");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => Buffer.from(text);

function written(...texts: readonly string[]): { readonly name: string; readonly places: readonly Place[] } {
  const file = new SummaryFile(path);
  const places = texts.map((one) => file.add(bytes(one)));
  file.finish();
  return { name: file.name, places };
}

describe("a file of pieces", () => {
  it("gives each back by its place, those that are added later too", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.uint8Array({ minLength: 1 }), { minLength: 1 })), (runs) => {
        rmSync(path, { force: true });
        let name: string | undefined;
        const all: (readonly [Place, Uint8Array])[] = [];
        for (const pieces of runs) {
          const file = new SummaryFile(path, name);
          for (const piece of pieces) all.push([file.add(Buffer.from(piece)), piece]);
          file.finish();
          name = file.name;
        }
        const last = new SummaryFile(path, name);
        for (const [place, piece] of all) expect(last.read(place)).toEqual(Buffer.from(piece));
        const left = readdirSync(folder).filter((one) => one !== ".gitignore");
        expect(left).toHaveLength(runs.length === 0 ? 0 : 1);
      }),
      { numRuns: 50 },
    );
  });

  it("is written in chunks, and is as large as what was added", () => {
    const file = new SummaryFile(path);
    const piece = Buffer.alloc(300_000, 7);
    const places = Array.from({ length: 9 }, () => file.add(piece));
    expect(readFileSync(`${path}.new`).length).toBeGreaterThan(1_000_000);
    file.finish();
    expect(readFileSync(path).length).toBe(file.size);
    for (const place of places) expect(new SummaryFile(path, file.name).read(place)).toEqual(piece);
  });

  it("gives nothing where it is another file, was cut off, changed, or is gone", () => {
    const { name, places } = written("one", "two");
    const [first, second] = places as [Place, Place];
    const read = (place: Place, of = name) => new SummaryFile(path, of).read(place)?.toString();
    expect([read(first), read(second)]).toEqual(["one", "two"]);
    const before = readFileSync(path);
    written("two", "one");
    expect(read(first)).toBeUndefined();
    writeFileSync(path, before);
    expect(read(first, "")).toBeUndefined();
    truncateSync(path, before.length - 1);
    expect([read(first), read(second)]).toEqual(["one", undefined]);
    writeFileSync(path, before.toString("latin1").replace("one", "oNe"), "latin1");
    expect([read(first), read(second)]).toEqual([undefined, "two"]);
    rmSync(path);
    expect(read(second)).toBeUndefined();
  });

  it("leaves out what is at no place any more", () => {
    const { name, places } = written("one", "two", "three");
    const file = new SummaryFile(path, name);
    file.add(bytes("four"));
    file.finish();
    const [moved] = file.compact([places[1] as Place]) as [Place];
    file.finish();
    expect(file.name).not.toBe(name);
    expect(new SummaryFile(path, file.name).read(moved)?.toString()).toBe("two");
    expect(readFileSync(path, "latin1")).not.toContain("one");
  });

  it("is none where it cannot be written, or is not wanted after all", () => {
    mkdirSync(path);
    const file = new SummaryFile(path);
    expect(file.read(file.add(bytes("one")))).toBeUndefined();
    file.finish();
    expect(file.name).toBe("");
    rmSync(path, { recursive: true });
    const discarded = new SummaryFile(path);
    discarded.add(bytes("one"));
    discarded.discard();
    expect(readdirSync(folder)).toEqual([".gitignore"]);
    const nowhere = new SummaryFile(join(folder, "a", "\0", "b"));
    nowhere.add(bytes("one"));
    nowhere.finish();
    expect(nowhere.name).toBe("");
  });
});
