import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@deadheat/lab/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBank } from "../examples/bank/server.ts";
import { startBooking } from "../examples/booking/server.ts";
import { startShop } from "../examples/shop/server.ts";
import type { Api } from "../examples/support/api.ts";
import { root, run } from "./support/command.ts";
import { ownRace } from "./support/own-race.ts";
import { postgresMissing } from "./support/postgres.ts";

const STARTS = { shop: startShop, booking: startBooking, bank: startBank };
type Name = keyof typeof STARTS;
const NAMES = Object.keys(STARTS) as Name[];
/** Each starts two test runners, which took 40 s on a machine that was busy, ms. */
const PROGRAMS_MS = 150_000;

/** Runs a program of the repository's to its end; the addresses of the APIs are in its environment. */
function program(
  args: readonly string[],
  urls: Readonly<Record<Name, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  const addresses = Object.fromEntries(NAMES.map((name) => [`${name.toUpperCase()}_URL`, urls[name]]));
  const { NODE_TEST_CONTEXT: _, VITEST: __, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, ...addresses, ...more, NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  return new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, output })),
  );
}

const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--root", "examples"];
const SCHEDULES = ["--import", "tsx", "-C", "source", "--test", "examples/booking/schedules.test.ts"];
const NODE_TEST = ["--import", "tsx", "-C", "source", "--test", "examples/booking/seat.test.ts"];

describe.skipIf(postgresMissing)("the examples", () => {
  let stop = async () => {};
  let databaseUrl = "";
  const urls = { racy: {} as Record<Name, string>, right: {} as Record<Name, string> };
  const output = mkdtempSync(join(tmpdir(), "deadheat-race-"));

  beforeAll(async () => {
    const postgres = await startPostgres();
    databaseUrl = postgres.url;
    const apis: Api[] = [];
    for (const name of NAMES)
      for (const half of ["racy", "right"] as const) {
        const api = await STARTS[name](postgres.url, { racy: half === "racy" });
        apis.push(api);
        urls[half][name] = api.url;
      }
    stop = async () => {
      await Promise.all(apis.map((api) => api.stop()));
      await postgres.stop();
    };
  });
  afterAll(async () => {
    await stop();
    rmSync(output, { recursive: true, force: true });
  });

  it.each(NAMES)(
    "%s: the race file proves the racy API, and observes nothing at the right one",
    async (name) => {
      const text = readFileSync(join(root, "examples", name, "race.yaml"), "utf8");
      const racy = await ownRace(urls.racy[name], text);
      expect(racy, racy.reason).toMatchObject({ status: "proven", cleanup: { left: [] } });
      const right = await ownRace(urls.right[name], text);
      expect(right, right.reason).toMatchObject({ status: "not-observed", cleanup: { left: [] } });
      expect(right.overlapped).toBeGreaterThanOrEqual(10);
    },
  );

  it.concurrent(
    "the tests in TypeScript fail at the racy API with its witness, and pass at the right one",
    async () => {
      const [racy, right] = await Promise.all([program(VITEST, urls.racy), program(VITEST, urls.right)]);
      expect(right, right.output).toMatchObject({ code: 0, output: expect.stringMatching(/2 passed/) });
      expect(racy, racy.output).toMatchObject({ code: 1, output: expect.stringMatching(/2 failed/) });
      expect(racy.output).toContain("no order of the requests explains");
      expect(racy.output).toContain("breaks the invariant");
    },
    PROGRAMS_MS,
  );

  it.concurrent(
    "the same under node:test",
    async () => {
      const [racy, right] = await Promise.all([
        program(NODE_TEST, urls.racy),
        program(NODE_TEST, urls.right),
      ]);
      expect(right, right.output).toMatchObject({ code: 0, output: expect.stringMatching(/pass 1/) });
      expect(racy, racy.output).toMatchObject({
        code: 1,
        output: expect.stringMatching(/breaks the invariant/),
      });
    },
    PROGRAMS_MS,
  );

  it.concurrent(
    "under node:test with the database in view, without luck",
    async () => {
      const [racy, right] = await Promise.all(
        ["racy", "right"].map((half) =>
          program(SCHEDULES, urls.right, { DATABASE_URL: databaseUrl, BOOKING: half }),
        ),
      );
      expect(right, right?.output).toMatchObject({ code: 0, output: expect.stringMatching(/pass 1/) });
      expect(racy, racy?.output).toMatchObject({
        code: 1,
        output: expect.stringMatching(/held before INSERT INTO bookings/),
      });
    },
    PROGRAMS_MS,
  );

  it.concurrent("deadheat race and deadheat replay prove it from the command line", async () => {
    const file = join("examples", "bank", "race.yaml");
    const flags = ["--seed", "cli", "--output", output];
    const raced = await run(["race", file, "--target", urls.racy.bank, "--json", ...flags]);
    expect(raced.code, raced.stderr).toBe(1);
    const report = JSON.parse(raced.stdout);
    expect(report).toMatchObject({ schema: "deadheat/race/1", seed: "cli", status: "proven" });
    const witness = join(output, "cli", "race-transfers-both-ways.json");
    expect(JSON.parse(readFileSync(witness, "utf8"))).toEqual(report);
    expect(readFileSync(witness.replace(/json$/, "html"), "utf8")).toMatch(/^<!doctype html>/);
    const replayed = await run(["replay", witness, "--format", "json", "--output", output]);
    expect(replayed.code, replayed.stderr).toBe(1);
    const again = JSON.parse(replayed.stdout);
    expect(again.evidence.schedule).toEqual(report.evidence.schedule);
    const elsewhere = await run(["replay", witness, "--target", urls.right.bank, "--output", output]);
    expect(elsewhere, elsewhere.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/not observed in 10/),
    });
  });

  it("what cannot be run is said in one line with its place, and exit code 2", async () => {
    const missing = await run(["race", "none.yaml", "--target", urls.right.shop]);
    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toContain("deadheat: none.yaml: no such file");
    const witness = await run(["replay", join("examples", "vitest.config.ts")]);
    expect(witness.code).toBe(2);
  });
});
