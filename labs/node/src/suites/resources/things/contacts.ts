import { object } from "../../../schemas.ts";
import { own } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID_PATH, text, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

type Details = Record<string, string | null>;

const LINE = text(200);
const OPTIONAL = { anyOf: [LINE, { type: "null" }] };
const CONTACT = object({ name: LINE }, { phone: LINE, email: LINE, city: LINE });
const CHANGES = { ...object({}, { name: LINE, phone: OPTIONAL, email: OPTIONAL, city: OPTIONAL }) };

const SHOWN = "jsonb_build_object('id', id::text) || data AS contact";
const SAVE = `UPDATE contacts SET data = $2 WHERE id = $1 RETURNING ${SHOWN}`;
const MERGE = `UPDATE contacts SET data = jsonb_strip_nulls(data || $2) WHERE id = $1 RETURNING ${SHOWN}`;

/** Changed field by field (RFC 7396), saved as a whole. */
export const contacts: Resource = {
  ways: ["serializable", "row-lock", "conditional-update", "version", "advisory-lock", "queue"],
  serve(app, access) {
    const mergePatch = app.getDefaultJsonParser("error", "error");
    app.addContentTypeParser("application/merge-patch+json", { parseAs: "string" }, mergePatch);

    collection<Details>(app, access, {
      path: "/contacts",
      body: CONTACT,
      insert: "INSERT INTO contacts (owner_id, data) VALUES ($1, $2) RETURNING id::text",
      values: (details) => [details],
      select: `SELECT ${SHOWN} FROM contacts WHERE id = $1 AND owner_id = $2`,
      show: ({ contact }) => contact,
    });

    app.patch<{ Params: WithId; Body: Details }>(
      "/contacts/:id",
      { schema: { params: ID_PATH, body: CHANGES } },
      ({ headers, params: { id }, body: changes }) =>
        access.way(
          headers.authorization,
          () => [`contact ${id}`],
          async (work) => {
            const { data } = await own(work, "contacts", id);
            await work.think();
            const [statement, value] = access.atOnce ? [MERGE, changes] : [SAVE, merged(data, changes)];
            return (await work.query<{ contact: object }>(statement, [id, value])).rows[0]!.contact;
          },
        ),
    );
  },
};

function merged(data: Details, changes: Details): Details {
  return Object.fromEntries(Object.entries({ ...data, ...changes }).filter(([, value]) => value !== null));
}
