import { describe, expect, it } from "vitest";
import { diagnose } from "../packages/deadheat/src/engine/doctor.ts";
import { diagnosisSchema } from "../packages/deadheat/src/findings/diagnosis.ts";
import { principalWithToken, type ScanOptions } from "../packages/deadheat/src/index.ts";
import { diagnosisText } from "../packages/deadheat/src/report/console/diagnosis.ts";
import { run } from "./support/command.ts";
import { serve, type Target } from "./targets/api.ts";
import { oneAtATimeTarget } from "./targets/one-at-a-time.ts";
import { optionsFor } from "./targets/scanned.ts";
import { suppliedTarget } from "./targets/supplied.ts";
import { workersTarget } from "./targets/workers.ts";

async function diagnosed(
  start: Promise<Target>,
  options: (target: Target) => Partial<ScanOptions> = () => ({}),
) {
  const target = await start;
  try {
    const diagnosis = await diagnose(optionsFor(target, options(target)), Date.now);
    return { diagnosis, text: diagnosisText(diagnosis, false) };
  } finally {
    await target.stop();
  }
}

// One after another: what is measured here is time.
describe("the doctor says what a scan could judge", () => {
  it("where all is well", async () => {
    const { diagnosis, text } = await diagnosed(workersTarget({ workMs: 50 }));
    expect(text).toMatch(/speaks +HTTP\/1\.1 last-byte/);
    expect(text).toMatch(
      /token +bearer: POST \/signup \+ POST \/signin \(a new principal for each trial; several tokens each\)/,
    );
    expect(text).toMatch(/clock +the same as here, ± \d+ ms/);
    expect(text).toMatch(/server +works on about \d+( or more)? requests at once/);
    expect(text).toMatch(/A scan could judge 1 of 2 operations/);
    expect(text).toMatch(
      /✓ POST \/points +adds \/points to \/points of GET \/me · \d+(\.\d)? ms .*lost-update/,
    );
    expect(text).toMatch(/\? POST \/signout +not-applicable: ends the token/);
    expect(diagnosis.parallelism?.atOnce).toBeGreaterThan(5);
  });

  it("one request at a time", async () => {
    const { diagnosis, text } = await diagnosed(oneAtATimeTarget(10));
    expect(diagnosis.parallelism?.overlaps).toBe(false);
    expect(text).toMatch(/one request at a time .*requests cannot overlap/);
  });

  it("four workers", async () => {
    const { diagnosis, text } = await diagnosed(workersTarget({ workers: 4, workMs: 50 }));
    expect(diagnosis.parallelism?.overlaps).toBe(true);
    expect(diagnosis.parallelism?.atOnce).toBeGreaterThan(2.5);
    expect(diagnosis.parallelism?.atOnce).toBeLessThan(4.5);
    expect(text).toMatch(/works on about [34] requests at once/);
  });

  it.each([
    ["ahead of", 3_600_000],
    ["behind", -3_600_000],
  ])("a clock that is an hour %s this one", async (words, clockMs) => {
    const { diagnosis, text } = await diagnosed(workersTarget({ clockMs }));
    const { skewMs = 0, uncertaintyMs = 0 } = diagnosis.clock ?? {};
    expect(Math.abs(skewMs - clockMs)).toBeLessThanOrEqual(uncertaintyMs + 1);
    expect(uncertaintyMs).toBeLessThan(500);
    expect(text).toMatch(new RegExp(`clock +1 h ${words} this machine's`));
  });

  it("no credentials, and then one token", async () => {
    const none = await diagnosed(suppliedTarget(false));
    expect(none.text).toMatch(
      /token +bearer: none: the document shows no open operation that takes a password/,
    );
    expect(none.text).toMatch(/A scan could judge 0 of 2/);
    expect(none.text).toMatch(/\? POST \/points +inconclusive: no credential for bearer; set DEADHEAT_TOKEN/);
    const one = await diagnosed(suppliedTarget(false), (target) => ({
      principals: [principalWithToken("me", (target as Awaited<ReturnType<typeof suppliedTarget>>).token)],
    }));
    expect(one.text).toMatch(/me: the supplied token \(one principal; one token each.*cannot be had again\)/);
    expect(one.text).toMatch(/A scan could judge 1 of 2/);
  });

  it("nothing to race", async () => {
    const reads = serve(
      { "GET /news": () => ({ status: 200, body: {} }) },
      {
        openapi: "3.1.0",
        info: { title: "News", version: "1" },
        paths: { "/news": { get: { responses: { 200: { description: "News." } } } } },
      },
    );
    const { diagnosis, text } = await diagnosed(reads);
    expect(diagnosis.operations).toEqual([]);
    expect(text).toMatch(/nothing to race: the document has no operation that changes state under a token/);
  });
});

describe("deadheat doctor", () => {
  it("exits 0 where something can be judged, and 3 where nothing can", async () => {
    const good = await workersTarget();
    const poor = await suppliedTarget(false);
    const [json, console] = await Promise.all([
      run(["doctor", good.document, "--target", good.url, "--format", "json"]),
      run(["doctor", poor.document, "--target", poor.url]),
    ]);
    await good.stop();
    await poor.stop();
    expect(json.code).toBe(0);
    const printed = JSON.parse(json.stdout);
    expect(printed).toMatchObject({ schema: "deadheat/doctor/1", target: { origin: good.url } });
    // What the schema does not know of would be left out.
    expect(diagnosisSchema.parse(printed)).toEqual(printed);
    expect(console.code).toBe(3);
    expect(console.stdout).toMatch(/A scan could judge 0 of 2/);
  });
});
