import { type Handler, newToken, type Routes, serve, sleep, type Target } from "./api.ts";

/** Long beside the spread of a burst on a busy machine. */
const THINK_MS = 25;

export interface Shelf extends Target {
  /** What is there now: nothing, once whoever made it has taken it away. */
  readonly items: ReadonlyMap<string, { readonly taken: number }>;
  /** Requests by `METHOD /path` so far, identifiers left out. */
  readonly log: readonly string[];
}

export interface ShelfOptions {
  readonly racy?: boolean;
  /** Works on one request after another. */
  readonly oneAtATime?: boolean;
  /** Takes more than there is, also one at a time. */
  readonly generous?: boolean;
  /** Answers 500 instead. */
  readonly fails?: (call: {
    readonly method: string;
    readonly path: string;
    readonly number: number;
  }) => boolean;
  /** Says where a new item is: in its `Location`. */
  readonly located?: boolean;
  /** A take shows in reads only after so long, ms. */
  readonly lagMs?: number;
}

/** Items of which there are some. Racy: looks, thinks, writes. State is in memory. */
export async function shelfTarget(options: ShelfOptions = {}): Promise<Shelf> {
  const { racy = false, generous = false, lagMs = 0 } = options;
  const items = new Map<string, { stock: number; taken: number; shown: number }>();
  const tokens = new Set<string>();
  const log: string[] = [];
  let last = 0;
  let queue: Promise<unknown> = Promise.resolve();
  const users: Handler = () => {
    const token = newToken();
    tokens.add(token);
    return { status: 201, body: { token } };
  };
  const take: Handler = async ({ parameters, token }) => {
    const item = items.get(parameters.id ?? "");
    if (!tokens.has(token)) return { status: 401 };
    if (!item) return { status: 404 };
    const write = (taken: number) => {
      item.taken = taken;
      // Not by a timer of 0 ms: an earlier take's would show less again after a later one's.
      if (lagMs === 0) item.shown = taken;
      else
        setTimeout(() => {
          item.shown = taken;
        }, lagMs);
      return { status: 201, body: { receipt: last++, token: newToken() } };
    };
    if (!racy) await sleep(THINK_MS);
    const seen = item.taken;
    if (seen >= item.stock && !generous) return { status: 409 };
    if (racy) await sleep(THINK_MS);
    // The racy one counts rightly and looks too early: more are taken than there were.
    return write(item.taken + 1);
  };
  const routes: Routes = {
    "POST /users": users,
    "POST /items": ({ body }) => {
      const id = ++last;
      items.set(String(id), { stock: Number(body.stock), taken: 0, shown: 0 });
      // Ids are numbers, and only numbers are taken for them.
      if (typeof body.stock !== "number") return { status: 422 };
      return { status: 201, body: { id }, headers: options.located ? { location: `/items/${id}` } : {} };
    },
    "POST /items/{id}/labels": () => ({ status: 201, body: {} }),
    "GET /items/{id}": ({ parameters }) => {
      const item = items.get(parameters.id ?? "");
      return item
        ? { status: 200, body: { stock: item.stock - item.shown, taken: item.shown, key: newToken() } }
        : { status: 404 };
    },
    "POST /items/{id}/take": take,
    "DELETE /items/{id}": ({ parameters }) => ({ status: items.delete(parameters.id ?? "") ? 204 : 404 }),
  };
  const target = await serve(routes, {}, async ({ method, path }, handle) => {
    const plain = `${method} ${path.replace(/\d+/g, "{}")}`;
    log.push(plain);
    const number = log.filter((one) => one === plain).length;
    if (options.fails?.({ method, path: plain.slice(method.length + 1), number })) return { status: 500 };
    if (!options.oneAtATime) return handle();
    const turn = queue.then(handle, handle);
    queue = turn;
    return turn;
  });
  return { ...target, items, log };
}
