import { describe, expect, it } from "vitest";
import type { Call, Reply, Target } from "./targets/api.ts";
import * as articles from "./targets/articles.ts";
import { lines, scanned } from "./targets/scanned.ts";

const TRIALS = 8;

async function judged(start: Promise<Target>): Promise<string[]> {
  const target = await start;
  try {
    const weaknesses = ["lost-update", "limit-overrun", "duplicate-create", "missing-transaction"];
    const { report } = await scanned(target, { weaknesses, trials: TRIALS });
    return lines(report);
  } finally {
    await target.stop();
  }
}

type Around = NonNullable<articles.ArticleRoutes["around"]>;
const right = articles.RIGHT["an update of the changed fields alone"] as never;
const isWrite = ({ method, path }: Call) => path.startsWith("/articles/") && method !== "GET";
const isRead = ({ method, path }: Call) => path.startsWith("/articles/") && method === "GET";

/** 200 without any effect for what comes too soon after the write before it. */
function limiter(ms: number): Around {
  let last = Number.NEGATIVE_INFINITY;
  return async (call, handle) => {
    if (!isWrite(call)) return handle();
    const soon = performance.now() - last < ms;
    last = performance.now();
    return soon ? { status: 200, body: {} } : handle();
  };
}

/** The same answer for so long, whatever was written since. */
function cache(ms: number): Around {
  const kept = new Map<string, { readonly at: number; readonly reply: Reply }>();
  return async (call, handle) => {
    if (!isRead(call)) return handle();
    const known = kept.get(call.path);
    if (known && performance.now() - known.at < ms) return known.reply;
    const reply = await handle();
    kept.set(call.path, { at: performance.now(), reply });
    return reply;
  };
}

/** Now and then a read shows what the one before it showed. */
function stale(oneIn: number): Around {
  const before = new Map<string, Reply>();
  let reads = 0;
  return async (call, handle) => {
    const reply = await handle();
    if (!isRead(call)) return reply;
    const shown = ++reads % oneIn === 0 ? (before.get(call.path) ?? reply) : reply;
    before.set(call.path, reply);
    return shown;
  };
}

const every =
  (count: number, reply: Reply): Around =>
  async (call, handle) => {
    if (!isWrite(call)) return handle();
    calls++;
    return calls % count === 0 ? reply : handle();
  };
let calls = 0;

const later =
  (ms: number, status: number): Around =>
  async (call, handle) => {
    if (!isWrite(call)) return handle();
    setTimeout(() => void handle(), ms);
    return { status, body: {} };
  };

describe("no pair is proven where nothing races", () => {
  it.concurrent.each<[string, Omit<articles.ArticleRoutes, "patch" | "publish">]>([
    // One request takes 10 ms: at a time they never come so soon.
    ["a limiter that answers 200 without effect", { around: limiter(8) }],
    ["a cache of 200 ms in front of reads", { around: cache(200) }],
    ["a cache of 5 s in front of reads", { around: cache(5000) }],
    ["a read that is stale now and then", { around: stale(9) }],
    ["a read that is rarely stale", { around: stale(41) }],
    ["409 at random", { around: every(5, { status: 409, body: {} }) }],
    ["200 without effect at random", { around: every(5, { status: 200, body: {} }) }],
    ["an answer that is lost now and then", { around: every(7, { status: 200, cut: true }) }],
    ["202 and later", { around: later(60, 202) }],
    ["200 and later", { around: later(60, 200) }],
    [
      "numbers and texts beside it that never stand still",
      { beside: () => ({ now: Date.now(), lucky: Math.random() < 0.5 }) },
    ],
    [
      "somebody else who writes now and then",
      {
        meddle: (article, count) => {
          if (count % 7 === 0) article.summary = "theirs";
        },
      },
    ],
    [
      "somebody else who writes all the time",
      {
        meddle: (article) => {
          article.summary = `theirs ${Math.random()}`;
        },
      },
    ],
    [
      "somebody else who raises a number",
      {
        meddle: (article, count) => {
          if (count % 11 === 0) article.version++;
        },
      },
    ],
  ])("%s", async (_name, unruly) => {
    const found = await judged(articles.articlesTarget({ patch: right, publish: right, ...unruly }));
    expect(found.length).toBeGreaterThan(2);
    expect(found.filter((line) => line.endsWith(": proven"))).toEqual([]);
  });

  it("but it is where it does, whatever stands beside it", async () => {
    const [racy] = Object.values(articles.RACY);
    const beside = () => ({ now: Date.now(), lucky: Math.random() < 0.5 });
    const found = await judged(articles.articlesTarget({ patch: racy as never, beside }));
    expect(found).toContain("lost-update PATCH /articles/{id}: proven");
  });
});
