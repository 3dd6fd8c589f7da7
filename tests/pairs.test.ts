import { describe, expect, it } from "vitest";
import { historyIn, type RuntimeEvidence } from "../packages/deadheat/src/findings/evidence.ts";
import type { Finding } from "../packages/deadheat/src/findings/finding.ts";
import type { Target } from "./targets/api.ts";
import * as articles from "./targets/articles.ts";
import * as boards from "./targets/boards.ts";
import * as labels from "./targets/labels.ts";
import * as orders from "./targets/orders.ts";
import * as pools from "./targets/pools.ts";
import { lines, scanned } from "./targets/scanned.ts";

/** The outcome of one weakness, and everything that was proven. */
async function judged(start: Promise<Target>, weakness: string, options: Parameters<typeof scanned>[1] = {}) {
  const target = await start;
  try {
    const { report } = await scanned(target, { weaknesses: [weakness], trials: 12, ...options });
    return { lines: lines(report), proven: report.findings, outcomes: report.outcomes };
  } finally {
    await target.stop();
  }
}

const named = <T>(variants: Readonly<Record<string, T>>) => Object.entries(variants);

describe("duplicate-create", () => {
  it.concurrent.each(named(labels.RACY))("is proven where it is racy: %s", async (_name, create) => {
    const { lines, proven } = await judged(labels.labelsTarget(create), "duplicate-create");
    expect(lines).toEqual(["duplicate-create POST /labels: proven"]);
    expect(proven[0]?.evidence.find((one) => one.kind === "runtime")).toMatchObject({
      model: "replayed",
      schedule: { requests: 2 },
      witness: ["r1", "r2", "read"],
    });
  });

  it.each(named(labels.RIGHT))("is not observed where it is right: %s", async (_name, create) => {
    const { lines } = await judged(labels.labelsTarget(create), "duplicate-create");
    expect(lines).toEqual(["duplicate-create POST /labels: not-observed"]);
  });

  it.concurrent.each(named(labels.OTHER))("is not claimed: %s", async (_name, [create, reason]) => {
    const { lines } = await judged(labels.labelsTarget(create), "duplicate-create");
    expect(lines.join()).toMatch(reason);
  });
});

/** Outcomes at the article, by method. */
async function atArticle(routes: articles.ArticleRoutes, trials = 16) {
  const { lines, proven } = await judged(articles.articlesTarget(routes), "lost-update", { trials });
  const summaries = proven.map((one) => JSON.stringify(one.evidence));
  return { lines: lines.filter((line) => line.includes("/articles/{id}")), summaries: summaries.join() };
}

describe("lost-update of fields", () => {
  it.concurrent.each(named(articles.RACY))("is proven where it is racy: %s", async (_name, patch) => {
    const { lines, summaries } = await atArticle({ patch });
    expect(lines).toEqual(["lost-update PATCH /articles/{id}: proven"]);
    expect(summaries).toMatch(/acknowledged writes of \/\w+ and \/\w+, and .*(title|summary)/);
  });

  it.concurrent.each(named(articles.RIGHT))("is not observed where it is right: %s", async (_name, patch) => {
    expect((await atArticle({ patch })).lines).toEqual(["lost-update PATCH /articles/{id}: not-observed"]);
  });

  it("is proven between two different operations, of which each is right by itself", async () => {
    const patch = articles.RIGHT["a row lock"] as never;
    const publish = articles.RACY["reads, works, saves the whole row"] as never;
    const { lines, summaries } = await atArticle({ patch, publish }, 24);
    expect(lines).toContain("lost-update PATCH /articles/{id}: proven");
    expect(summaries).toContain("/articles/{id}/publish");
  });

  it("the last writer of a whole object may win", async () => {
    const put = articles.RIGHT["an update of the changed fields alone"] as never;
    expect((await atArticle({ put })).lines).toEqual(["lost-update PUT /articles/{id}: not-observed"]);
  });

  it("parts of two whole objects are proven", async () => {
    expect((await atArticle({ torn: true }, 30)).lines).toEqual(["lost-update PUT /articles/{id}: proven"]);
  });
});

it("a proof of a pair is run again: the same pair, order and offset", async () => {
  const patch = articles.RIGHT["a row lock"] as never;
  const publish = articles.RACY["reads, works, saves the whole row"] as never;
  const target = await articles.articlesTarget({ patch, publish });
  try {
    const first = await scanned(target, { weaknesses: ["lost-update"], trials: 24 });
    const { weakness, operation, evidence } = first.report.findings[0] as Finding;
    const { schedule } = historyIn(evidence) as RuntimeEvidence;
    expect(schedule.variant).toBeGreaterThan(0);
    const { report } = await scanned(target, { only: { weakness, operation, schedule }, trials: 10 });
    expect(historyIn(report.findings[0]?.evidence ?? [])).toMatchObject({ schedule, model: "replayed" });
  } finally {
    await target.stop();
  }
});

describe("lost-update under If-Match", () => {
  const put = articles.RIGHT["an update of the changed fields alone"] as never;
  it.concurrent.each<[keyof typeof articles.CONDITIONAL, RegExp]>([
    ["racy", /: proven$/],
    ["right", /: not-observed$/],
    ["ignored", /: not-observed$/],
  ])("%s", async (how, expected) => {
    const { lines } = await atArticle({ put, conditional: articles.CONDITIONAL[how] });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(expected);
  });
});

describe("use-after-delete", () => {
  it.concurrent.each(named(boards.RACY))(
    "is proven where it is racy: %s",
    async (_name, [rules, operation]) => {
      const { lines } = await judged(boards.boardsTarget(rules), "use-after-delete", { trials: 24 });
      expect(lines.filter((line) => line.endsWith(": proven"))).toEqual([
        `use-after-delete ${operation}: proven`,
      ]);
    },
  );

  it.concurrent.each(named(boards.RIGHT))("is not observed where it is right: %s", async (_name, rules) => {
    const { lines } = await judged(boards.boardsTarget(rules), "use-after-delete");
    expect(lines).toEqual([
      "use-after-delete PUT /boards/{id}: not-observed",
      "use-after-delete POST /boards/{id}/cards: not-observed",
    ]);
  });

  it.concurrent.each(named(boards.OTHER))("is not claimed: %s", async (_name, [rules, reason]) => {
    const { lines } = await judged(boards.boardsTarget(rules), "use-after-delete");
    expect(lines.find((line) => line.includes("/cards"))).toMatch(reason);
  });
});

const SKEWED = ["/accounts/{id}/withdrawals", "/transfers", "/duties/{id}/leave"];

describe("write-skew", () => {
  it.concurrent.each(SKEWED)("is proven where it is racy: %s", async (path) => {
    const [racy] = Object.values(pools.RACY);
    const { lines, proven } = await judged(pools.poolsTarget(racy as never), "write-skew", {
      operation: `POST ${path}`,
    });
    expect(lines).toEqual([`write-skew POST ${path}: proven`]);
    expect(JSON.stringify(proven)).toContain('"requests":2');
  });

  it.each(named(pools.RIGHT))("is not observed where it is right: %s", async (_name, isolation) => {
    const { lines } = await judged(pools.poolsTarget(isolation), "write-skew", { trials: 6 });
    expect(lines.filter((line) => SKEWED.some((path) => line.includes(path)))).toEqual(
      expect.arrayContaining(SKEWED.map((path) => `write-skew POST ${path}: not-observed`)),
    );
    expect(lines.join()).not.toContain("proven");
  });
});

describe("limit-overrun of one bound by different requests", () => {
  // The pair is told of at the first of its two operations: the other one is POST /goods/{id}/orders.
  const path = "/goods/{id}/gifts";
  it("is proven where each is racy against the other", async () => {
    const [racy] = Object.values(pools.RACY);
    const { lines } = await judged(pools.poolsTarget(racy as never), "limit-overrun", {
      operation: `POST ${path}`,
      trials: 16,
    });
    expect(lines).toEqual([`limit-overrun POST ${path}: proven`]);
  });

  it.each(named(pools.RIGHT))("is not observed where it is right: %s", async (_name, isolation) => {
    const { lines } = await judged(pools.poolsTarget(isolation), "limit-overrun", {
      operation: `POST ${path}`,
      trials: 8,
    });
    expect(lines).toEqual([`limit-overrun POST ${path}: not-observed`]);
  });
});

describe("idempotency-race of what only its own read shows", () => {
  const line = "idempotency-race POST /orders";
  it.concurrent.each(named(orders.RACY))("is proven where the key is %s", async (_name, take) => {
    const { lines } = await judged(orders.ordersTarget(take), "idempotency-race", { trials: 24 });
    expect(lines).toEqual([`${line}: proven`]);
  });

  it.concurrent.each(named(orders.RIGHT))("is not observed where the key is %s", async (_name, take) => {
    const { lines } = await judged(orders.ordersTarget(take), "idempotency-race");
    expect(lines).toEqual([`${line}: not-observed`]);
  });
});
