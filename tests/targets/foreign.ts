import { newToken, type Reply, type Routes, secrets, serve, sleep, type Target } from "./api.ts";

/** An API under names and habits of its own, racy or right. */
export interface Foreign {
  readonly routes: Routes;
  readonly document: object;
}

/**
 * Between test and write, ms. Wide enough for a busy machine: an end of a session has to be acknowledged and the
 * state read within it.
 */
export const WINDOW_MS = 40;

export const denied: Reply = { status: 401, body: { detail: "no" } };

export type Make = (racy: boolean) => Foreign;

export function foreignTarget(make: Make, racy: boolean): Promise<Target> {
  const { routes, document } = make(racy);
  return serve(routes, document);
}

/** Adds `amount` to `row[field]`: read, wait, write; or test `valid` and add in one step after the same wait. */
export async function add<K extends string>(
  row: Record<K, number>,
  field: K,
  amount: number,
  racy: boolean,
  valid: () => boolean,
): Promise<boolean> {
  const old = row[field];
  await sleep(WINDOW_MS);
  if (!racy && !valid()) return false;
  row[field] = (racy ? old : row[field]) + amount;
  return true;
}

/** Tests `used < most`, waits, then uses; or tests again in the step that uses. */
export async function use(
  row: { used: number },
  most: number,
  racy: boolean,
  valid: () => boolean,
  effect: () => void = () => {},
): Promise<boolean> {
  if (row.used >= most) return false;
  await sleep(WINDOW_MS);
  if (!racy && (row.used >= most || !valid())) return false;
  row.used++;
  effect();
  return true;
}

/** Tokens of one API, each for one owner. */
export class Tokens<Owner> {
  readonly #owners = new Map<string, Owner>();

  issue(owner: Owner): string {
    const token = newToken();
    this.#owners.set(token, owner);
    return token;
  }

  owner(token: string): Owner | undefined {
    return this.#owners.get(token);
  }

  end(token: string): boolean {
    return this.#owners.delete(token);
  }
}

/** Users by their login name. */
export class Users<Row extends object> {
  readonly #rows = new Map<string, { secret: string; row: Row }>();

  add(name: unknown, secret: unknown, row: Row): boolean {
    if (typeof name !== "string" || typeof secret !== "string" || name === "" || this.#rows.has(name))
      return false;
    secrets.add(secret);
    this.#rows.set(name, { secret, row });
    return true;
  }

  find(name: string, secret: string): Row | undefined {
    const found = this.#rows.get(name);
    return found?.secret === secret ? found.row : undefined;
  }
}
