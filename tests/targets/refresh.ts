import { Accounts, accountsDocument, answer, body, credential, unauthorized } from "./accounts.ts";
import { newToken, type Reply, type Routes, serve, sleep, type Target } from "./api.ts";

const WORK_MS = 12;
const OVER: Reply = { status: 400, body: { error: "invalid_grant" } };

/** A refresh token: whose, of which session, and what was given for it. */
interface Held {
  readonly name: string;
  readonly session: { over: boolean; current: string };
  used?: boolean;
  successor?: Pair;
  /** Being exchanged right now. */
  busy?: Promise<Pair | undefined>;
  parent?: Held;
  /** The successor that was used first. */
  chosen?: string;
}

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What all ways of exchanging share: tokens that are made, found and ended. */
class Tokens {
  readonly accounts = new Accounts();
  readonly held = new Map<string, Held>();
  readonly #access = new Map<string, Held["session"]>();

  issue(name: string, session: Held["session"], parent?: Held): Pair {
    const refreshToken = newToken();
    session.current = refreshToken;
    this.held.set(refreshToken, { name, session, ...(parent ? { parent } : {}) });
    return { accessToken: this.access(name, session), refreshToken };
  }

  access(name: string, session: Held["session"]): string {
    const { account } = this.accounts.byName.get(name) as { account: { name: string; points: number } };
    const token = this.accounts.issue(account);
    this.#access.set(token, session);
    return token;
  }

  lives(token: string | undefined): boolean {
    return this.#access.get(token ?? "")?.over === false;
  }
}

type Exchange = (tokens: Tokens, held: Held, value: string) => Promise<Pair | undefined> | Pair | undefined;

const next = (tokens: Tokens, held: Held) => tokens.issue(held.name, held.session, held);

/** Looked at, and marked only after the work: all who come in between are let in. */
const checkThenMark: Exchange = async (tokens, held) => {
  if (held.used) return undefined;
  await sleep(WORK_MS);
  held.used = true;
  return next(tokens, held);
};

/** Marked before the work: whoever comes later is refused, and ends the session. */
export const marksFirst: Exchange = async (tokens, held) => {
  if (held.used) {
    held.session.over = true;
    return undefined;
  }
  held.used = true;
  await sleep(WORK_MS);
  return next(tokens, held);
};

export const RACY: Readonly<Record<string, Exchange>> = {
  "looks, works, marks": checkThenMark,
  "a late reuse ends the session, an early one does not": async (tokens, held) => {
    if (held.used) held.session.over = true;
    return checkThenMark(tokens, held, "");
  },
  "a repeat gets the same successor, once there is one": async (tokens, held) => {
    if (held.successor) return held.successor;
    await sleep(WORK_MS);
    held.successor = next(tokens, held);
    return held.successor;
  },
};

export const RIGHT: Readonly<Record<string, Exchange>> = {
  "a conditional update": async (tokens, held) => {
    if (held.used) return undefined;
    held.used = true;
    await sleep(WORK_MS);
    return next(tokens, held);
  },
  "a mutex": async (tokens, held) => {
    await held.busy;
    held.busy = checkThenMark(tokens, held, "") as Promise<Pair | undefined>;
    return held.busy;
  },
  "a unique insert": async (tokens, held) => {
    await sleep(WORK_MS);
    if (held.successor) return undefined;
    held.successor = next(tokens, held);
    await sleep(WORK_MS / 2);
    return held.successor;
  },
  "losers wait for the winner's tokens and are answered those": async (tokens, held) => {
    held.busy ??= sleep(WORK_MS).then(() => next(tokens, held));
    return held.busy;
  },
  "losers are answered the winner's refresh token and access tokens of their own": async (tokens, held) => {
    held.busy ??= sleep(WORK_MS).then(() => next(tokens, held));
    const won = (await held.busy) as Pair;
    return { ...won, accessToken: tokens.access(held.name, held.session) };
  },
  "reuse in the meantime ends the session": async (tokens, held) => {
    if (held.used) held.session.over = true;
    await sleep(WORK_MS);
    if (held.used) held.session.over = true;
    held.used = true;
    return next(tokens, held);
  },
  "marked first; reuse ends the session, the winner's as well": marksFirst,
  "the session knows one refresh token: the last": async (tokens, held, value) => {
    if (held.session.current !== value) return undefined;
    await sleep(WORK_MS);
    return next(tokens, held);
  },
  "losers are answered tokens that never work": async (tokens, held) => {
    if (held.used) return { accessToken: newToken(), refreshToken: newToken() };
    held.used = true;
    await sleep(WORK_MS);
    return next(tokens, held);
  },
  "good until a successor is used, which ends its siblings": async (tokens, held, value) => {
    const { parent } = held;
    if (parent) parent.chosen ??= value;
    if (held.chosen || (parent && parent.chosen !== value)) return undefined;
    await sleep(WORK_MS / 2);
    return next(tokens, held);
  },
};

/** Not to be raced, or not to be believed: by what is said of it. */
export const OTHER: Readonly<Record<string, readonly [Exchange, RegExp]>> = {
  "no rotation": [
    (tokens, held, refreshToken) => ({ accessToken: tokens.access(held.name, held.session), refreshToken }),
    /not-applicable \(no rotation/,
  ],
  "another live successor for each use": [
    (tokens, held) => next(tokens, held),
    /not-applicable \(one at a time, .* another live successor/,
  ],
  "two successors that are ended a second later": [
    async (tokens, held) => {
      if (held.used) return undefined;
      await sleep(WORK_MS);
      const late = held.used;
      held.used = true;
      if (late) setTimeout(() => (held.session.over = true), 1000);
      return next(tokens, held);
    },
    /inconclusive \(the state read back had changed by itself/,
  ],
};

/** Sessions with refresh tokens, exchanged as `exchange` does it; as a form of OAuth 2.0 where asked for, by one client. */
export async function refreshTarget(
  exchange: Exchange,
  oauth2 = false,
  client?: string,
  around?: Parameters<typeof serve>[2],
): Promise<Target> {
  const tokens = new Tokens();
  const { accounts } = tokens;
  const renew = async (value: string): Promise<Reply> => {
    const held = tokens.held.get(value);
    if (!held || held.session.over) return OVER;
    const pair = await exchange(tokens, held, value);
    if (!pair) return OVER;
    if (!oauth2) return { status: 200, body: pair };
    return { status: 200, body: { access_token: pair.accessToken, refresh_token: pair.refreshToken } };
  };
  const routes: Routes = {
    "POST /join": ({ body: { name, password } }) =>
      accounts.add(name, password) ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /enter": ({ body: { name, password } }) => {
      if (!accounts.check(name, password)) return unauthorized;
      return { status: 200, body: tokens.issue(name, { over: false, current: "" }) };
    },
    "GET /me": (call) => {
      const token = credential(call);
      const account = accounts.holder(token);
      return account && tokens.lives(token) ? { status: 200, body: { name: account.name } } : unauthorized;
    },
    "POST /enter/again": ({ body: { refreshToken } }) => renew(refreshToken),
    "POST /oauth/token": ({ body: form }) => {
      if (form.grant_type !== "refresh_token" || form.client_secret !== client) return OVER;
      return renew(form.refresh_token);
    },
  };
  return serve(routes, documentOf(oauth2), around);
}

const text = { type: "string" };
const person = { name: { type: "string", minLength: 3 }, password: { type: "string", format: "password" } };

function documentOf(oauth2: boolean): object {
  const pair = { accessToken: text, refreshToken: text };
  const form = body(
    { grant_type: { type: "string", enum: ["password", "refresh_token"] }, refresh_token: text },
    "application/x-www-form-urlencoded",
  );
  const renewal = oauth2
    ? {
        "/oauth/token": {
          post: {
            requestBody: form,
            responses: { 200: answer({ access_token: text, refresh_token: text }) },
          },
        },
      }
    : {
        "/enter/again": {
          post: { requestBody: body({ refreshToken: text }), responses: { 200: answer(pair) } },
        },
      };
  const { paths: _, ...rest } = accountsDocument() as { paths: object };
  return {
    ...rest,
    paths: {
      "/me": { get: { security: [{ tokenAuth: [] }], responses: { 200: answer({ name: text }) } } },
      "/join": { post: { requestBody: body(person), responses: { 201: answer({}), 409: answer({}) } } },
      "/enter": { post: { requestBody: body(person), responses: { 200: answer(pair), 401: answer({}) } } },
      ...renewal,
    },
  };
}
