import { type Call, type Handler, type Reply, type Routes, serve, type Target } from "./api.ts";
import { type Player, Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

/** Long beside the spread of a pair on a busy machine. */
export const WORK_MS = 10;

/** One at a time, in the order of asking. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  held<T>(work: () => Promise<T> | T): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

export const reply = (status: number, body: unknown = {}): Reply => ({ status, body });

export type Work = (call: Call, player: Player) => Promise<Reply> | Reply;

/** Each route for those who are signed in; signing up and in beside them. */
export async function signedIn(
  routes: Readonly<Record<string, Work>>,
  paths: object,
  around?: Parameters<typeof serve>[2],
): Promise<Target> {
  const players = new Players();
  const { "POST /signup": signUp, "POST /signin": signIn, "GET /me": me } = pointsRoutes(players);
  const under =
    (work: Work): Handler =>
    (call) => {
      const player = players.byToken.get(call.token);
      return player ? work(call, player) : unauthorized;
    };
  const entries = Object.entries(routes).map(([route, work]) => [route, under(work)] as const);
  const all = {
    "POST /signup": signUp,
    "POST /signin": signIn,
    "GET /me": me,
    ...Object.fromEntries(entries),
  };
  return serve(all as Routes, pointsDocument({ "/signout": {}, "/points": {}, ...paths }), around);
}

const security = [{ bearer: [] }];
export const text = { type: "string" };
export const integer = { type: "integer" };
export const json = (properties: object, required = Object.keys(properties)) => ({
  content: { "application/json": { schema: { type: "object", properties, required } } },
});
const answered = (properties: object | undefined) => ({
  description: "Done.",
  ...(properties === undefined ? {} : json(properties)),
});

/** An operation in a document: what it takes, what it answers, and what it may refuse with. */
export function operation(
  path: readonly string[],
  body: object | undefined,
  answers: Readonly<Record<number, object | undefined>>,
  more: { readonly required?: string[]; readonly headers?: object[] } = {},
): object {
  const named = path.map((name) => ({ name, in: "path", required: true, schema: text }));
  return {
    security,
    parameters: [...named, ...(more.headers ?? [])],
    ...(body === undefined ? {} : { requestBody: { required: true, ...json(body, more.required) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, properties]) => [status, answered(properties)]),
    ),
  };
}
