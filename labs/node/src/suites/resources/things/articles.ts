import { Problem } from "../../../problem.ts";
import { object } from "../../../schemas.ts";
import { noSuch, own } from "../answers.ts";
import { ID_PATH, text, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

interface Article extends WithId {
  readonly text: string;
  readonly edition: number;
}
const FORM = object({ text: text(10_000) });
const SHOWN = "id::text, text, edition";
const INSERT = `INSERT INTO articles (owner_id, text) VALUES ($1, $2) RETURNING ${SHOWN}`;
const SELECT = `SELECT ${SHOWN} FROM articles WHERE id = $1 AND owner_id = $2`;
const SAVE = `UPDATE articles SET text = $2, edition = edition + 1 WHERE id = $1 RETURNING ${SHOWN}`;
const SAVE_IF = `UPDATE articles SET text = $2, edition = edition + 1 WHERE id = $1 AND edition = $3 RETURNING ${SHOWN}`;

const tagOf = ({ edition }: { edition: number }) => `"${edition}"`;
const shown = ({ id, text }: Article) => ({ id, text });
/** RFC 6585 §3. */
const unconditional = () =>
  new Problem(428, "Precondition Required", "If-Match says which edition is to be replaced.");
/** RFC 9110 §13.1.1. */
const changed = () => new Problem(412, "Precondition Failed", "There is another edition by now.");

/** Replaced only by who has seen the edition that is there: entity tags and `If-Match`. */
export const articles: Resource = {
  ways: ["version", "conditional-update", "row-lock", "serializable", "advisory-lock", "queue"],
  serve(app, access) {
    app.post<{ Body: { text: string } }>("/articles", { schema: { body: FORM } }, async (request, reply) => {
      const article = await access.plain(request.headers.authorization, async ({ query, subject }) => {
        return (await query<Article>(INSERT, [subject, request.body.text])).rows[0]!;
      });
      return reply.code(201).header("etag", tagOf(article)).send(shown(article));
    });

    app.get<{ Params: WithId }>("/articles/:id", { schema: { params: ID_PATH } }, async (request, reply) => {
      const [article] = await access.plain(request.headers.authorization, async ({ query, subject }) => {
        return (await query<Article>(SELECT, [request.params.id, subject])).rows;
      });
      if (!article) throw noSuch("article");
      return reply.header("etag", tagOf(article)).send(shown(article));
    });

    app.put<{ Params: WithId; Body: { text: string } }>(
      "/articles/:id",
      { schema: { params: ID_PATH, body: FORM } },
      async ({ headers, params: { id }, body: { text } }, reply) => {
        const names = () => [`article ${id}`];
        const article = await access.way(headers.authorization, names, async (work) => {
          const { edition } = await own(work, "articles", id);
          const expected = headers["if-match"];
          if (expected === undefined) throw unconditional();
          if (!matches(expected, edition)) throw changed();
          await work.think();
          const { rows } = access.atOnce
            ? await work.query<Article>(SAVE_IF, [id, text, edition])
            : await work.query<Article>(SAVE, [id, text]);
          if (!rows[0]) throw access.atOnce ? changed() : noSuch("article");
          return rows[0];
        });
        return reply.header("etag", tagOf(article)).send(shown(article));
      },
    );
  },
};

function matches(expected: string, edition: number): boolean {
  const tags = expected.split(",").map((tag) => tag.trim());
  return tags.includes("*") || tags.includes(tagOf({ edition }));
}
