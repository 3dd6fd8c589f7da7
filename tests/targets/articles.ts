import { randomUUID } from "node:crypto";
import { type Call, type Reply, sleep, type Target } from "./api.ts";
import { integer, Lock, operation, reply, signedIn, text, WORK_MS } from "./paired.ts";

interface Article {
  readonly id: string;
  title: string;
  summary: string;
  published: boolean;
  version: number;
  readonly lock: Lock;
}

type Row = Omit<Article, "id" | "lock">;
type Change = (row: Row) => Partial<Row>;
/** How a change gets into the row. */
type Save = (article: Article, change: Change) => Promise<Reply> | Reply;

const rowOf = ({ title, summary, published, version }: Article): Row => ({
  title,
  summary,
  published,
  version,
});
const write = (article: Article, row: Partial<Row>): Reply => {
  Object.assign(article, row, { version: article.version + 1 });
  return reply(200, rowOf(article));
};

const wholeRow: Save = async (article, change) => {
  const row = rowOf(article);
  await sleep(WORK_MS);
  return write(article, { ...row, ...change(row) });
};

export const RACY: Readonly<Record<string, Save>> = { "reads, works, saves the whole row": wholeRow };

export const RIGHT: Readonly<Record<string, Save>> = {
  "a row lock": (article, change) => article.lock.held(() => wholeRow(article, change)),
  "an update of the changed fields alone": async (article, change) => {
    await sleep(WORK_MS);
    return write(article, change(rowOf(article)));
  },
  "an optimistic version, 409 for the later": async (article, change) => {
    const row = rowOf(article);
    await sleep(WORK_MS);
    return article.version === row.version ? write(article, { ...row, ...change(row) }) : reply(409);
  },
  "an optimistic version, tried again": async (article, change) => {
    for (;;) {
      const row = rowOf(article);
      await sleep(WORK_MS);
      if (article.version === row.version) return write(article, { ...row, ...change(row) });
    }
  },
};

/** What `PATCH` sets of what is sent. */
const parts = (body: Call["body"]): Change => {
  const { title, summary } = body;
  return () => ({ ...(title === undefined ? {} : { title }), ...(summary === undefined ? {} : { summary }) });
};

const shown = { title: text, summary: text, published: { type: "boolean" }, version: integer };

export interface ArticleRoutes {
  readonly patch?: Save;
  readonly publish?: Save;
  readonly put?: Save;
  /** Whether a write looks at If-Match, and how. */
  readonly conditional?: (
    article: Article,
    tag: string,
    work: () => Promise<Reply>,
  ) => Promise<Reply> | Reply;
  /** What stands between the callers and the routes. */
  readonly around?: Parameters<typeof signedIn>[2];
  /** What somebody else does to an article with the `count`-th write of all. */
  readonly meddle?: (article: Article, count: number) => void;
  /** What a read shows beside the article. */
  readonly beside?: () => object;
  /** A PUT that writes field after field. */
  readonly torn?: boolean;
  /** A GET that reads field after field. */
  readonly readInParts?: boolean;
}

const tagOf = ({ version }: Article) => `"v${version}"`;

export const CONDITIONAL = {
  racy: async (article: Article, tag: string, work: () => Promise<Reply>) =>
    tag !== "" && tag !== tagOf(article) ? reply(412) : work(),
  right: (article: Article, tag: string, work: () => Promise<Reply>) =>
    article.lock.held(() => (tag !== "" && tag !== tagOf(article) ? reply(412) : work())),
  ignored: async (_article: Article, _tag: string, work: () => Promise<Reply>) => work(),
};

export async function articlesTarget(routes: ArticleRoutes): Promise<Target> {
  const articles = new Map<string, Article>();
  const on = (work: (article: Article, call: Call) => Promise<Reply> | Reply) => (call: Call) => {
    const article = articles.get(call.parameters.id ?? "");
    return article ? work(article, call) : reply(404);
  };
  const { patch, publish, put, conditional, torn, readInParts, around, meddle, beside } = routes;
  let writes = 0;
  const sent = { title: text, summary: text };
  const guarded = conditional ? { headers: [{ name: "If-Match", in: "header", schema: text }] } : {};
  const save = (by: Save) =>
    on((article, { body, headers }) => {
      meddle?.(article, ++writes);
      const work = async () => by(article, parts(body));
      return conditional ? conditional(article, String(headers["if-match"] ?? ""), work) : work();
    });
  const writeInParts = on(async (article, { body }) => {
    article.title = body.title;
    await sleep(WORK_MS * Number(body.title > body.summary ? 0 : 1));
    await sleep(Math.random() * WORK_MS);
    article.summary = body.summary;
    return reply(200, {});
  });
  return signedIn(
    {
      "POST /articles": ({ body }) => {
        const article = {
          id: randomUUID(),
          title: body.title,
          summary: body.summary,
          published: false,
          version: 1,
        };
        articles.set(article.id, { ...article, lock: new Lock() });
        return reply(201, { id: article.id });
      },
      "GET /articles/{id}": on(async (article) => {
        const { title } = article;
        if (readInParts) await sleep(WORK_MS);
        return {
          ...reply(200, { ...rowOf(article), title, ...beside?.() }),
          ...(conditional ? { headers: { etag: tagOf(article) } } : {}),
        };
      }),
      ...(patch ? { "PATCH /articles/{id}": save(patch) } : {}),
      ...(put ? { "PUT /articles/{id}": save(put) } : {}),
      ...(torn ? { "PUT /articles/{id}": writeInParts } : {}),
      ...(publish
        ? { "POST /articles/{id}/publish": on((article) => publish(article, () => ({ published: true }))) }
        : {}),
    },
    {
      "/articles": { post: operation([], sent, { 201: { id: text } }) },
      "/articles/{id}": {
        get: operation(["id"], undefined, { 200: shown }),
        ...(patch
          ? { patch: operation(["id"], sent, { 200: shown, 412: undefined }, { required: [], ...guarded }) }
          : {}),
        ...(put || torn ? { put: operation(["id"], sent, { 200: shown }, guarded) } : {}),
      },
      ...(publish
        ? { "/articles/{id}/publish": { post: operation(["id"], undefined, { 200: shown }) } }
        : {}),
    },
    around,
  );
}
