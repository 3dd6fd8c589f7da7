// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what race files are made of
import { afterEach, describe, expect, it } from "vitest";
import { raceText } from "../packages/deadheat/src/report/race.ts";
import { ownRace, shelfRace } from "./support/own-race.ts";
import { secrets } from "./targets/api.ts";
import { type Shelf, type ShelfOptions, shelfTarget } from "./targets/shelf.ts";

let open: Shelf[] = [];
afterEach(async () => {
  for (const one of open) await one.stop();
  open = [];
});
const shelf = async (options: ShelfOptions = {}) => {
  const target = await shelfTarget(options);
  open.push(target);
  return target;
};

/** Nothing that was made is there any more, and no secret is told. */
function expectTidy(target: Shelf, told: unknown): void {
  expect([...target.items]).toEqual([]);
  const text = typeof told === "string" ? told : JSON.stringify(told);
  for (const secret of secrets) expect(text).not.toContain(secret);
}

describe("a race of one's own", () => {
  it("is proven by an invariant where one at a time it holds, with the calls and the state that break it", async () => {
    const target = await shelf({ racy: true });
    const report = await ownRace(target.url, shelfRace());
    expect(report).toMatchObject({
      status: "proven",
      evidence: { model: "invariant", witness: ["r1", "r2", "after"] },
    });
    expect(report.evidence?.rate?.races).toBeGreaterThan(0);
    const text = raceText(report);
    expect(text).toContain("2 × POST /items/${item}/take together");
    expect(text).toMatch(/stock = 1, taken = 0 before, stock = -1, taken = 2 after/);
    expectTidy(target, report);
  });

  it("is not observed where the API is right, with the bound over trials that overlapped", async () => {
    const target = await shelf();
    const report = await ownRace(target.url, shelfRace());
    expect(report).toMatchObject({ status: "not-observed", trials: 12, overlapped: 12 });
    expect(report.bound).toBeCloseTo(1 - 0.05 ** (1 / 12), 5);
    expectTidy(target, report);
  });

  it("is proven by a model: no order explains the answers and what was read", async () => {
    const parts = {
      invariant: "",
      model: " limit:1",
      concurrent:
        '\n  - { as: alice, request: "POST /items/${item}/take", count: 2, operation: { input: { type: take } } }',
      observe: '\n  - { request: "GET /items/${item}", operation: { input: { type: read }, output: taken } }',
    };
    const [racy, right] = [await shelf({ racy: true }), await shelf()];
    const report = await ownRace(racy.url, shelfRace(parts));
    expect(report).toMatchObject({
      status: "proven",
      evidence: { model: "limit:1", impossible: expect.any(String) },
    });
    expect(await ownRace(right.url, shelfRace(parts))).toMatchObject({ status: "not-observed" });
    expectTidy(racy, report);
    // It allows three takes, also one at a time: then the model is wrong, and nothing is proven by it.
    const more = {
      ...parts,
      setUp: "\n  - { request: POST /items, json: { stock: 3 }, extract: { item: $.id } }",
    };
    const unfit = await ownRace(right.url, shelfRace(more));
    expect(unfit).toMatchObject({ status: "model-unfit", trials: 0 });
    expect(unfit.reason).toContain("violated by the same requests one at a time");
  });

  it("that is violated one at a time as well is said to be that, and not a race", async () => {
    const target = await shelf({ generous: true });
    const report = await ownRace(target.url, shelfRace());
    expect(report).toMatchObject({ status: "violated-sequentially", trials: 0 });
    expect(report.reason).toContain("violated by the same requests one at a time, so not a race");
    expectTidy(target, report);
  });

  it("is inconclusive where the API works on one request after another", async () => {
    const target = await shelf({ oneAtATime: true, racy: true });
    const report = await ownRace(target.url, shelfRace());
    expect(report).toMatchObject({
      status: "inconclusive",
      reason: expect.stringContaining("cannot overlap"),
    });
    expectTidy(target, report);
  });

  it("is inconclusive where its offsets keep the requests apart", async () => {
    const target = await shelf({ racy: true });
    const take = (offset: number) =>
      `\n  - { as: alice, request: "POST /items/\${item}/take", offsetMs: ${offset} }`;
    const report = await ownRace(target.url, shelfRace({ concurrent: take(0) + take(250) }));
    expect(report).toMatchObject({
      status: "inconclusive",
      overlapped: 0,
      reason: "requests did not overlap",
    });
    expectTidy(target, report);
  });

  it("is inconclusive where the state has changed by itself when it is read again", async () => {
    const target = await shelf({ lagMs: 150 });
    const report = await ownRace(
      target.url,
      shelfRace({ invariant: " after.taken = $count(answers[ok]) or $count(answers) = 0" }),
    );
    // Also one at a time a take shows late: that is said, and no race is claimed.
    expect(report.status).toBe("violated-sequentially");
    const patient = await ownRace(target.url, `${shelfRace()}visibilityMs: 250\n`, { trials: 4 });
    expect(patient.status).toBe("not-observed");
    expectTidy(target, [report, patient]);
  });

  it("answers that are missing or 5xx prove nothing about what they would have said", async () => {
    const fails: ShelfOptions["fails"] = ({ path, number }) =>
      path === "/items/{}/take" && number > 2 && number % 2 === 0;
    const target = await shelf({ racy: true, fails });
    const byAnswers = await ownRace(
      target.url,
      shelfRace({ invariant: " $count(answers[ok]) = 2 or $count(answers) = 0 or after.taken = 1" }),
    );
    expect(byAnswers.status).not.toBe("proven");
    expectTidy(target, byAnswers);
  });

  it("is sent once more as its proof says: the same order, the same offsets", async () => {
    const target = await shelf({ racy: true });
    const concurrent = '\n  - { as: alice, request: "POST /items/${item}/take", count: 3, offsetMs: [0, 3] }';
    const only = (await ownRace(target.url, shelfRace({ concurrent }))).evidence?.schedule;
    if (!only) throw new Error("not proven");
    const replayed = await ownRace(target.url, shelfRace({ concurrent }), { only, seed: "other", trials: 5 });
    expect(replayed.evidence?.schedule).toEqual(only);
    const changed = ownRace(target.url, shelfRace(), { only });
    await expect(changed).rejects.toMatchObject({ code: "witness-invalid" });
  });
});

describe("a mistake in a race of one's own", () => {
  const rejected = async (target: Shelf, parts: Readonly<Record<string, string>>) => {
    const error = await ownRace(target.url, shelfRace(parts)).then(
      (report) => ({ message: `no error but ${report.status}`, exitCode: -1 }),
      (cause) => cause,
    );
    expectTidy(target, error.message);
    expect(error.exitCode, error.message).toBe(2);
    return error.message as string;
  };

  it("an invariant that is false before the race", async () => {
    const target = await shelf();
    expect(await rejected(target, { invariant: " after.stock = 5" })).toBe(
      "race.yaml:10:12: invariant: is false before the race (stock = 1, taken = 0)",
    );
  });

  it.each([
    [
      "an infinite loop",
      " ($f := function() { $f() }; $f())",
      "race.yaml:10:12: invariant: does not end: it was stopped after 2 s",
    ],
    [
      "a name that matches nothing",
      " after.stok",
      "race.yaml:10:12: invariant: is neither true nor false but nothing",
    ],
    ["a number", " after.stock", "race.yaml:10:12: invariant: is neither true nor false but a number"],
    [
      "an addition of a text",
      " after.stock + 'a' = 1",
      "race.yaml:10:12: invariant: cannot be evaluated at character 13 (JSONata T2002)",
    ],
  ])("an invariant that is %s", async (_name, invariant, message) => {
    expect(await rejected(await shelf(), { invariant })).toContain(message);
  });

  it("a set-up that fails half-way: what was made by then is taken away", async () => {
    const target = await shelf({ fails: ({ path }) => path === "/items/{}/labels" });
    const setUp = `${"\n  - { as: alice, request: POST /items, json: { stock: 1 }, extract: { item: $.id } }"}
  - { as: alice, request: "POST /items/\${item}/labels" }`;
    expect(await rejected(target, { setUp })).toBe(
      "race.yaml:6:5: setUp.1: POST /items/${item}/labels answered 500",
    );
    expect(target.log).toContain("POST /items");
  });

  it("a set-up that fails in a later trial is a trial that does not count", async () => {
    const target = await shelf({
      fails: ({ path, number }) => path === "/items" && (number === 4 || number === 6),
    });
    const report = await ownRace(target.url, shelfRace());
    expect(report.status).toBe("not-observed");
    expect(report.overlapped).toBeLessThan(report.trials);
    expectTidy(target, report);
  });

  it("an extraction that matches nothing", async () => {
    const setUp = "\n  - { as: alice, request: POST /items, json: { stock: 1 }, extract: { item: $.ident } }";
    const error = await ownRace((await shelf()).url, shelfRace({ setUp })).catch((cause) => cause);
    expect(error.message).toBe(
      "race.yaml:5:5: setUp.0: item: $.ident matches nothing in the answer of POST /items (it has: id)",
    );
  });

  it("a clean-up that fails: said after the first set-up, not after sixty, with what is left", async () => {
    const target = await shelf({ fails: ({ method }) => method === "DELETE" });
    const error = await ownRace(target.url, shelfRace()).catch((cause) => cause);
    expect(error).toMatchObject({
      exitCode: 2,
      message: "race.yaml:12:5: cleanUp.0: DELETE /items/${item}: the clean-up failed (DELETE answered 500)",
      hint: "Correct the clean-up, or leave it out; what may be left behind is of POST /items: item = 1.",
    });
    expect(target.items.size).toBe(1);
  });

  it("a clean-up that is wrong leaves nothing where the API says what it has made", async () => {
    const target = await shelf({ located: true, fails: ({ path }) => path === "/items/{}/away" });
    const cleanUp = `\n  - { as: alice, request: "POST /items/\${item}/away" }`;
    const error = await ownRace(target.url, shelfRace({ cleanUp })).catch((cause) => cause);
    expect(error).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("cleanUp.0: POST /items/${item}/away: the clean-up failed"),
      hint: "Correct the clean-up, or leave it out; what the set-up had made was deleted at its Location.",
    });
    expectTidy(target, error.message + error.hint);
  });

  it("a clean-up that fails once is done again, in the first set-up and in a later one", async () => {
    const target = await shelf({
      fails: ({ method, number }) => method === "DELETE" && [1, 5, 6].includes(number),
    });
    const report = await ownRace(target.url, shelfRace());
    expect(report.status).toBe("not-observed");
    expect(report.cleanup.left.filter(({ by }) => by.includes("DELETE"))).toEqual([]);
    expectTidy(target, report);
  });

  it("a clean-up that fails later is reported with its place and how often", async () => {
    const fails = ({ method, number }: { method: string; number: number }) =>
      method === "DELETE" && number >= 3 && number <= 8;
    const target = await shelf({ fails });
    const report = await ownRace(target.url, shelfRace());
    expect(report.status).toBe("not-observed");
    expect(report.cleanup.left).toContainEqual({
      by: "race.yaml:12:5: cleanUp.0: DELETE /items/${item}",
      count: 1,
      reason: "DELETE answered 500",
    });
  });

  it("a login that is refused", async () => {
    const principals = "\n  alice:\n    register: { request: POST /nobody, token: $.token }";
    const target = await shelf();
    const error = await ownRace(target.url, shelfRace({ principals })).catch((cause) => cause);
    expect(error).toMatchObject({ code: "login-failed", message: "POST /nobody answered 404" });
    // Nobody was made, so nobody is made again for the sake of the clean-up.
    expect(target.log.filter((call) => call !== "GET /")).toEqual(["POST /nobody"]);
  });
});

describe("safety", () => {
  it("a target beyond this machine is refused, and a set-up cannot go elsewhere", async () => {
    const error = await ownRace("http://192.0.2.1:80", shelfRace()).catch((cause) => cause);
    expect(error).toMatchObject({ code: "target-not-allowed" });
    const elsewhere = "\n  - { request: POST http://192.0.2.1/items }";
    expect(() => ownRace("http://127.0.0.1:1", shelfRace({ setUp: elsewhere }))).toThrowError(
      /of the target/,
    );
  });

  it("nothing is sent beyond the budget, and what was made is taken away all the same", async () => {
    const target = await shelf();
    const report = await ownRace(target.url, shelfRace(), { requestLimit: 30 });
    expect(report).toMatchObject({ status: "inconclusive", reason: "the budget of 30 requests is used up" });
    expect(report.requests).toBeLessThanOrEqual(30);
    expectTidy(target, report);
  });

  it("an interruption stops at once and takes away what was made", async () => {
    const target = await shelf();
    const controller = new AbortController();
    const running = ownRace(target.url, shelfRace(), {
      signal: controller.signal,
      trials: 1000,
      onTrial: (done) => done === 2 && controller.abort(new Error("interrupted")),
    });
    await expect(running).rejects.toThrowError("interrupted");
    expect([...target.items]).toEqual([]);
  });

  it("what is observed is shown unless it may be secret", async () => {
    const target = await shelf({ racy: true });
    const observe =
      '\n  - { as: alice, request: "GET /items/${item}", extract: { stock: $.stock, key: $.key } }';
    const report = await ownRace(target.url, shelfRace({ observe, invariant: " after.stock >= 0" }));
    // The key changes at each read, so that the proof cannot be confirmed.
    expect(report).toMatchObject({
      status: "inconclusive",
      reason: expect.stringContaining("had changed by itself"),
    });
    expectTidy(target, report);
  });
});
