import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkSource } from "../check.ts";
import { SummaryFile } from "./summary-file.ts";

let project: string;
let cache: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "deadheat-summaries-"));
  cache = mkdtempSync(join(tmpdir(), "deadheat-summaries-cache-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const folder of [project, cache]) rmSync(folder, { recursive: true, force: true });
});

/** A caller of what has to be known of two functions: one that reads, and one of a row that tests and writes. */
const TEXT = `from django.db import models

class Wallet(models.Model):
    balance = models.IntegerField(default=0)

    def spend(self, amount):
        if self.balance < amount:
            raise ValueError("too little")
        self.balance -= amount
        self.save()

def wallet_of(pk):
    return Wallet.objects.get(pk=pk)

def spend(request, pk):
    wallet = wallet_of(pk)
    wallet.spend(int(request.POST["amount"]))
`;

async function check(text: string): Promise<string> {
  writeFileSync(join(project, "models.py"), text);
  const [cold, kept] = [
    await checkSource(project, { now: () => 0 }),
    await checkSource(project, { now: () => 0, cache }),
  ].map((one) => JSON.stringify({ ...one, durationMs: 0 }));
  expect(kept).toBe(cold);
  return kept as string;
}

const edited = (turn: number) => TEXT.replace("    wallet = ", `    turn = ${turn}\n    wallet = `);
const summaries = () => join(cache, readdirSync(cache).find((one) => one.endsWith(".summaries")) as string);

describe("summaries of the last run", () => {
  it("stand for the functions that a changed one calls", async () => {
    expect(await check(TEXT)).toContain("python-counter");
    const read = vi.spyOn(SummaryFile.prototype, "read");
    for (let turn = 0; turn < 3; turn++) {
      read.mockClear();
      await check(edited(turn));
      expect(read.mock.results.map((one) => Buffer.isBuffer(one.value))).toEqual([true, true]);
    }
  });

  it("are made anew where their file is gone, cut off, changed or another one's, and are there again then", async () => {
    await check(TEXT);
    const file = summaries();
    const read = vi.spyOn(SummaryFile.prototype, "read");
    const spoil = [
      () => rmSync(file),
      () => truncateSync(file, 60),
      () =>
        writeFileSync(
          file,
          readFileSync(file).map((one, at) => (at > 36 ? one ^ 1 : one)),
        ),
      () =>
        writeFileSync(
          file,
          readFileSync(file).map((one, at) => (at < 36 ? one ^ 1 : one)),
        ),
      () => writeFileSync(file, ""),
    ];
    for (const [turn, one] of spoil.entries()) {
      one();
      await check(edited(2 * turn));
      read.mockClear();
      await check(edited(2 * turn + 1));
      expect(read.mock.results.map((result) => Buffer.isBuffer(result.value))).toEqual([true, true]);
    }
  });

  it("do not pile up", async () => {
    await check(TEXT);
    const sizes: number[] = [];
    const long = `    note = "${"x".repeat(6000)}"\n`;
    for (let turn = 0; turn < 80; turn++) {
      const text = TEXT.replace("    wallet = ", `${long.replace("x", String(turn))}    wallet = `);
      writeFileSync(join(project, "models.py"), `${text}    return note\n`);
      await checkSource(project, { now: () => 0, cache });
      sizes.push(readFileSync(summaries()).length);
    }
    expect(Math.max(...sizes)).toBeLessThan(300_000);
    expect(Math.max(...sizes)).toBeGreaterThan(200_000);
    await check(edited(1));
  });
});
