import { type Call, newToken, type Reply, type Routes, secrets, serve, sleep, type Target } from "./api.ts";

export interface Account {
  readonly name: string;
  points: number;
}

interface Issued {
  readonly account: Account;
  readonly ends: number;
}

/** Between check and write, ms. Wide enough for a busy machine. */
export const WORK_MS = 40;
export const unauthorized: Reply = { status: 401, body: { error: "unauthorized" } };

/** Accounts with points, and tokens that end after a while. */
export class Accounts {
  readonly byName = new Map<string, { readonly account: Account; readonly password: string }>();
  readonly issued = new Map<string, Issued>();
  /** Requests that came with a token whose time was over. */
  expired = 0;
  readonly #make: (account: Account) => string;

  constructor(make: (account: Account) => string = newToken) {
    this.#make = make;
  }

  add(name: string, password: string): Account | undefined {
    if (!name || !password || this.byName.has(name)) return undefined;
    secrets.add(password);
    const account = { name, points: 0 };
    this.byName.set(name, { account, password });
    return account;
  }

  check(name: string, password: string): Account | undefined {
    const known = this.byName.get(name);
    return known?.password === password ? known.account : undefined;
  }

  issue(account: Account, lifeMs = Number.POSITIVE_INFINITY, token = this.#make(account)): string {
    this.issued.set(token, { account, ends: performance.now() + lifeMs });
    return token;
  }

  holder(token: string | undefined): Account | undefined {
    const found = this.issued.get(token ?? "");
    if (!found) return undefined;
    if (found.ends > performance.now()) return found.account;
    this.expired++;
    return undefined;
  }
}

/** The word before the token and the token, from a header. */
export function credential(call: Call, header = "authorization", keyword = "Bearer"): string | undefined {
  const text = String(call.headers[header] ?? "");
  if (keyword === "") return text;
  return text.startsWith(`${keyword} `) ? text.slice(keyword.length + 1) : undefined;
}

export type Identify = (call: Call) => Account | undefined;

/** Reads the points, and adds to them: in two steps where it is racy. */
export function pointsOf(identify: Identify, racy = true): Routes {
  return {
    "GET /me": (call) => {
      const account = identify(call);
      return account
        ? { status: 200, body: { username: account.name, points: account.points } }
        : unauthorized;
    },
    "POST /points": async (call) => {
      const account = identify(call);
      if (!account) return unauthorized;
      const old = account.points;
      await sleep(WORK_MS);
      account.points = (racy ? old : account.points) + call.body.points;
      return { status: 200, body: {} };
    },
  };
}

const BEARER = { type: "http", scheme: "bearer" };

export const body = (properties: object, type = "application/json") => ({
  required: true,
  content: { [type]: { schema: { type: "object", required: Object.keys(properties), properties } } },
});
export const answer = (properties: object) => ({
  description: "Done.",
  content: { "application/json": { schema: { type: "object", properties } } },
});
const protectedBy = [{ tokenAuth: [] }];

/** The document of `pointsOf`, under one security scheme; `more` adds paths. */
export function accountsDocument(scheme: object = BEARER, more: object = {}): object {
  return {
    openapi: "3.1.0",
    info: { title: "Accounts", version: "1" },
    components: { securitySchemes: { tokenAuth: scheme } },
    paths: {
      "/me": {
        get: {
          security: protectedBy,
          responses: { 200: answer({ username: { type: "string" }, points: { type: "integer" } }) },
        },
      },
      "/points": {
        post: {
          security: protectedBy,
          requestBody: body({ points: { type: "integer", minimum: 1 } }),
          responses: { 200: answer({}) },
        },
      },
      ...more,
    },
  };
}

export interface AccountsTarget extends Target {
  readonly accounts: Accounts;
  /** Every request that came, as `METHOD /path`. */
  readonly calls: string[];
}

interface AccountsOptions {
  readonly identify?: (accounts: Accounts) => Identify;
  readonly racy?: boolean;
  readonly routes?: (accounts: Accounts) => Routes;
  readonly document?: object;
  /** What becomes of each answer. */
  readonly answered?: (call: Call, reply: Reply) => Reply;
}

/** Serves points under whatever credential `identify` knows. */
export async function accountsTarget(options: AccountsOptions = {}): Promise<AccountsTarget> {
  const accounts = new Accounts();
  const identify = options.identify?.(accounts) ?? ((call: Call) => accounts.holder(credential(call)));
  const calls: string[] = [];
  const routes = { ...pointsOf(identify, options.racy), ...options.routes?.(accounts) };
  const { document = accountsDocument(), answered = (_call, reply) => reply } = options;
  const target = await serve(routes, document, async (call, handle) => {
    calls.push(`${call.method} ${call.path}`);
    return answered(call, await handle());
  });
  return { ...target, accounts, calls };
}
