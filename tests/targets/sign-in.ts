import {
  type Accounts,
  type AccountsTarget,
  accountsDocument,
  accountsTarget,
  answer,
  body,
  credential,
  unauthorized,
} from "./accounts.ts";
import { type Call, newToken, type Reply, type Routes, secrets } from "./api.ts";

const login = { username: { type: "string" }, password: { type: "string" } };
const token = answer({ token: { type: "string" } });
const protectedBy = [{ tokenAuth: [] }];
const signOut = { post: { security: protectedBy, responses: { 204: { description: "Gone." } } } };

const enter = (accounts: Accounts): Routes => ({
  "POST /enter": ({ body: given }) => {
    const account = accounts.check(given.username, given.password);
    return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
  },
});

/** Two users who sign in, and a document that does not tell how. */
export async function loginTarget(
  more: object = {},
  answered?: (call: Call, reply: Reply) => Reply,
): Promise<AccountsTarget> {
  const document = accountsDocument(undefined, more);
  const target = await accountsTarget({ routes: enter, document, ...(answered ? { answered } : {}) });
  for (const name of ["alice", "bob"]) target.accounts.add(name, `Pw-of-${name}-1`);
  return target;
}

/** Signs in with a nested answer; tokens live `lifeMs`, and say so. Signing out is checked too early. */
export function briefTarget(lifeMs: number, told: "answer" | "token" | "nowhere"): Promise<AccountsTarget> {
  const routes = (accounts: Accounts): Routes => ({
    "POST /enter": ({ body: given }) => {
      const account = accounts.check(given.user, given.secret);
      if (!account) return unauthorized;
      const ttl = told === "answer" ? { ttl: lifeMs / 1000 } : {};
      const jwt = accounts.issue(account, lifeMs, told === "token" ? webToken(lifeMs) : newToken());
      return { status: 200, body: { data: { jwt, ...ttl } } };
    },
    "POST /signout": (call) =>
      accounts.issued.delete(credential(call) ?? "") ? { status: 204 } : unauthorized,
  });
  return accountsTarget({ routes, document: accountsDocument(undefined, { "/signout": signOut }) });
}

/** A JSON Web Token that says itself when it ends (RFC 7519 §4.1.4); what is in it nobody verifies here. */
function webToken(lifeMs: number): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Date.now() / 1000;
  const token = [encoded({ alg: "HS256" }), encoded({ iat, exp: iat + lifeMs / 1000 }), newToken()].join(".");
  secrets.add(token);
  return token;
}

export interface Rotation {
  readonly logins: number;
  readonly refreshes: number;
  /** Refresh tokens that came a second time: each ends its family. */
  readonly reused: number;
}

/** Access tokens that live `lifeMs`, and refresh tokens that are replaced at each use (RFC 9700 §4.14.2). */
export async function rotatingTarget(
  lifeMs: number,
): Promise<AccountsTarget & { readonly rotation: Rotation; readonly first: string }> {
  const rotation = { logins: 0, refreshes: 0, reused: 0 };
  const families = new Map<string, { name: string; spent: boolean; family: Set<string> }>();
  const issue = (accounts: Accounts, name: string, family: Set<string>): Reply => {
    const account = accounts.byName.get(name)?.account;
    if (!account) return unauthorized;
    const refresh = newToken();
    families.set(refresh, { name, spent: false, family });
    family.add(refresh);
    const tokens = { access_token: accounts.issue(account, lifeMs), refresh_token: refresh };
    return { status: 200, body: { ...tokens, token_type: "Bearer", expires_in: lifeMs / 1000 } };
  };
  const refresh = (accounts: Accounts, given: string): Reply => {
    const known = families.get(given);
    if (!known?.family.has(given)) return unauthorized;
    if (known.spent) {
      rotation.reused++;
      known.family.clear();
      return unauthorized;
    }
    known.spent = true;
    rotation.refreshes++;
    return issue(accounts, known.name, known.family);
  };
  const routes = (accounts: Accounts): Routes => ({
    "POST /enter": ({ body: given }) => {
      rotation.logins++;
      if (!accounts.check(given.username, given.password)) return unauthorized;
      return issue(accounts, given.username, new Set());
    },
    "POST /renew": ({ body: given }) => refresh(accounts, given.refresh_token),
  });
  const target = await accountsTarget({ routes });
  target.accounts.add("alice", "Pw-of-alice-1");
  const first = newToken();
  families.set(first, { name: "alice", spent: false, family: new Set([first]) });
  return { ...target, rotation, first };
}

/** DRF's tokens: one each, behind the word `Token`. */
export function drfTarget(scheme: object): Promise<AccountsTarget> {
  const routes = (accounts: Accounts): Routes => ({
    "POST /users/": ({ body: given }) =>
      accounts.add(given.username, given.password) ? { status: 201, body: {} } : { status: 400, body: {} },
    "POST /api-token-auth/": ({ body: given }) => {
      const account = accounts.check(given.username, given.password);
      if (!account) return { status: 400, body: { non_field_errors: ["Unable to log in."] } };
      const [known] = [...accounts.issued].find(([, one]) => one.account === account) ?? [];
      return { status: 200, body: { token: known ?? accounts.issue(account) } };
    },
  });
  return accountsTarget({
    identify: (accounts) => (call) => accounts.holder(credential(call, "authorization", "Token")),
    routes,
    document: accountsDocument(scheme, {
      "/users/": { post: { requestBody: body(login), responses: { 201: answer({}) } } },
      "/api-token-auth/": { post: { requestBody: body(login), responses: { 200: token } } },
    }),
  });
}

/** A key in a header of its own, or a token that counts only beside a header that says whose app it is. */
export function headerTarget(kind: "key" | "beside"): Promise<AccountsTarget> {
  const key = { type: "apiKey", in: "header", name: "X-API-Key" };
  return accountsTarget({
    identify: (accounts) => (call) => {
      if (kind === "key") return accounts.holder(credential(call, "x-api-key", ""));
      return call.headers["x-tenant"] === "north" ? accounts.holder(credential(call)) : undefined;
    },
    document: accountsDocument(kind === "key" ? key : undefined),
  });
}

/** One lock for each token, or for each account; both tokens of one account add to the same points. */
export function lockingTarget(by: "token" | "account"): Promise<AccountsTarget> {
  const turns = new Map<unknown, Promise<unknown>>();
  const base = (accounts: Accounts): Routes => ({
    ...enter(accounts),
    "POST /points": (call) => {
      const text = credential(call);
      const account = accounts.holder(text);
      if (!account) return unauthorized;
      const add = async (): Promise<Reply> => {
        const old = account.points;
        await new Promise((resolve) => setTimeout(resolve, 10));
        account.points = old + call.body.points;
        return { status: 200, body: {} };
      };
      const key = by === "token" ? text : account;
      const mine = (turns.get(key) ?? Promise.resolve()).then(add);
      turns.set(key, mine);
      return mine;
    },
  });
  return accountsTarget({ routes: base });
}
