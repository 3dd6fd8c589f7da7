import {
  type AccountsTarget,
  accountsDocument,
  accountsTarget,
  answer,
  body,
  credential,
  unauthorized,
} from "./accounts.ts";
import { type Reply, type Routes, sleep } from "./api.ts";

export interface NotesTarget extends AccountsTarget {
  /** Notes that are still there, somebody else's among them. */
  left(): string[];
  readonly removals: { readonly at: number; readonly path: string }[];
}

interface NotesOptions {
  /** What becomes of a removal; the note is removed where it says nothing. */
  readonly removal?: (path: string) => Promise<Reply | undefined> | Reply | undefined;
  /** Users can be removed, too. */
  readonly members?: boolean;
}

const guarded = [{ tokenAuth: [] }];
const named = [{ name: "id", in: "path", required: true, schema: { type: "string" } }];
const login = { username: { type: "string" }, password: { type: "string" } };

/** Notes that are liked, racily. Anybody registers; notes, and where it is so users, can be removed. */
export async function notesTarget({ removal, members = true }: NotesOptions = {}): Promise<NotesTarget> {
  const notes = new Map<string, { likes: number }>([["of-somebody-else", { likes: 0 }]]);
  const removals: { at: number; path: string }[] = [];
  let made = 0;
  const removed = async (path: string, remove: () => boolean): Promise<Reply> => {
    removals.push({ at: performance.now(), path });
    const refused = await removal?.(path);
    if (refused) return refused;
    return remove() ? { status: 204 } : { status: 404, body: {} };
  };
  const target = await accountsTarget({
    document: accountsDocument(undefined, {
      "/join": { post: { requestBody: body(login), responses: { 201: answer({}) } } },
      "/enter": {
        post: { requestBody: body(login), responses: { 200: answer({ token: { type: "string" } }) } },
      },
      ...(members
        ? {
            "/me": {
              get: { security: guarded, responses: { 200: answer({ points: { type: "integer" } }) } },
              delete: { security: guarded, responses: { 204: { description: "Gone." } } },
            },
          }
        : {}),
      "/points": {},
      "/notes": {
        post: {
          security: guarded,
          requestBody: body({ text: { type: "string" } }),
          responses: { 201: answer({ id: { type: "string" } }) },
        },
      },
      "/notes/{id}": {
        parameters: named,
        get: { security: guarded, responses: { 200: answer({ likes: { type: "integer" } }) } },
        delete: { security: guarded, responses: { 204: { description: "Gone." } } },
      },
      "/notes/{id}/likes": {
        parameters: named,
        post: {
          security: guarded,
          requestBody: body({ likes: { type: "integer", minimum: 1 } }),
          responses: { 200: answer({}) },
        },
      },
    }),
    routes: (accounts): Routes => ({
      "POST /join": ({ body: given }) =>
        accounts.add(given.username, given.password) ? { status: 201, body: {} } : { status: 409, body: {} },
      "POST /enter": ({ body: given }) => {
        const account = accounts.check(given.username, given.password);
        return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
      },
      "DELETE /me": (call) =>
        removed("/me", () => {
          const account = accounts.holder(credential(call));
          return account !== undefined && accounts.byName.delete(account.name);
        }),
      "POST /notes": (call) => {
        if (!accounts.holder(credential(call))) return unauthorized;
        const id = `n${++made}`;
        notes.set(id, { likes: 0 });
        return { status: 201, body: { id } };
      },
      "GET /notes/{id}": (call) => {
        const note = notes.get(call.parameters.id ?? "");
        return note ? { status: 200, body: note } : { status: 404, body: {} };
      },
      "DELETE /notes/{id}": (call) => removed(call.path, () => notes.delete(call.parameters.id ?? "")),
      "POST /notes/{id}/likes": async (call) => {
        const note = notes.get(call.parameters.id ?? "");
        if (!note) return { status: 404, body: {} };
        const old = note.likes;
        await sleep(15);
        note.likes = old + call.body.likes;
        return { status: 200, body: {} };
      },
    }),
  });
  return { ...target, removals, left: () => [...notes.keys()] };
}
