import { describe, expect, it } from "vitest";
import * as articles from "./targets/articles.ts";
import { lines, scanned } from "./targets/scanned.ts";

async function atArticle(routes: articles.ArticleRoutes, trials = 16) {
  const target = await articles.articlesTarget(routes);
  try {
    const { report } = await scanned(target, { weaknesses: ["missing-transaction"], trials });
    const found = report.findings.flatMap(({ evidence }) => evidence.filter((one) => one.kind === "runtime"));
    return { lines: lines(report).filter((line) => line.includes("/articles/{id}")), found };
  } finally {
    await target.stop();
  }
}

describe("a write and the reads beside it", () => {
  it("is proven where its parts are written one by one", async () => {
    const { lines, found } = await atArticle({ torn: true });
    expect(lines).toEqual(["missing-transaction PUT /articles/{id}: proven"]);
    expect(found[0]).toMatchObject({ model: "replayed", schedule: { requests: 2 } });
    expect(found[0]?.summary).toMatch(
      /There: GET \/articles\/\{id\} \/title .* still: GET \/articles\/\{id\} \/summary/,
    );
  });

  const patch = articles.RIGHT["an update of the changed fields alone"] as never;

  it.concurrent.each<[string, articles.ArticleRoutes]>([
    ["one write of several fields", { patch }],
    ["a read that looks at one part after another, at a write that is whole", { patch, readInParts: true }],
  ])("is not observed where it is right: %s", async (_name, routes) => {
    expect((await atArticle(routes)).lines).toEqual([
      "missing-transaction PATCH /articles/{id}: not-observed",
    ]);
  });
});
