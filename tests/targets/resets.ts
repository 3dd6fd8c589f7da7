import {
  type Account,
  Accounts,
  accountsDocument,
  answer,
  body,
  credential,
  unauthorized,
} from "./accounts.ts";
import { newToken, type Reply, type Routes, secrets, serve, sleep, type Target } from "./api.ts";

/** Hashing takes its time, before it is stored. */
const HASHING_MS = 25;
const WRONG: Reply = { status: 400, body: { error: "the code is wrong or used" } };
const DONE: Reply = { status: 200, body: { changed: true } };

interface Code {
  readonly mail: string;
  used?: boolean;
  busy?: Promise<Reply>;
}

type Store = (mail: string, password: string) => void;
type Reset = (code: Code, password: string, store: Store) => Promise<Reply> | Reply;

const checkThenMark: Reset = async (code, password, store) => {
  if (code.used) return WRONG;
  await sleep(HASHING_MS);
  store(code.mail, password);
  code.used = true;
  return DONE;
};

export const RACY: Readonly<Record<string, Reset>> = {
  "looks, hashes, stores, marks": checkThenMark,
  "marks when all is done, and says so to the first alone": async (code, password, store) => {
    if (code.used) return WRONG;
    await sleep(HASHING_MS);
    store(code.mail, password);
    const late = code.used;
    code.used = true;
    return late ? WRONG : DONE;
  },
};

export const RIGHT: Readonly<Record<string, Reset>> = {
  "spends the code before it hashes": async (code, password, store) => {
    if (code.used) return WRONG;
    code.used = true;
    await sleep(HASHING_MS);
    store(code.mail, password);
    return DONE;
  },
  "stores only where the code is unused by then": async (code, password, store) => {
    if (code.used) return WRONG;
    await sleep(HASHING_MS);
    if (code.used) return WRONG;
    code.used = true;
    store(code.mail, password);
    return DONE;
  },
  "every request is acknowledged, and only the first one does anything": async (code, password, store) => {
    const first = !code.used;
    code.used = true;
    await sleep(HASHING_MS);
    if (first) store(code.mail, password);
    return DONE;
  },
  "one after the other": async (code, password, store) => {
    await code.busy;
    code.busy = checkThenMark(code, password, store) as Promise<Reply>;
    return code.busy;
  },
};

export const OTHER: Readonly<Record<string, readonly [Reset, RegExp]>> = {
  "a code that is never spent": [
    async (code, password, store) => {
      await sleep(HASHING_MS);
      store(code.mail, password);
      return DONE;
    },
    /one at a time: 2 of the passwords asked for opened a session/,
  ],
  "a reset that changes nothing": [
    () => DONE,
    /inconclusive \(one code, exchanged once, gives nothing that lives/,
  ],
};

/** A reset by a code that is asked for with the registered address; with `anyPassword` a log-in looks at none. */
export async function resetsTarget(reset: Reset, anyPassword = false): Promise<Target> {
  const accounts = new Accounts();
  const codes = new Map<string, Code>();
  const changed = new Map<string, string>();
  const enter = (mail: string, secret: string): Account | undefined => {
    const known = accounts.byName.get(mail);
    if (anyPassword) return known?.account;
    const own = changed.get(mail);
    return own === undefined ? accounts.check(mail, secret) : own === secret ? known?.account : undefined;
  };
  const routes: Routes = {
    "POST /members": ({ body: { mail, secret } }) =>
      accounts.add(mail, secret) ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /members/enter": ({ body: { mail, secret } }) => {
      const account = enter(mail, secret);
      return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
    },
    "GET /me": (call) => {
      const account = accounts.holder(credential(call));
      return account ? { status: 200, body: { mail: account.name } } : unauthorized;
    },
    "POST /forgot": ({ body: { mail } }) => {
      const code = newToken();
      codes.set(code, { mail });
      return { status: 200, body: { code } };
    },
    "POST /forgot/done": ({ body: { code, secret } }) => {
      // A text of which nothing is known is filled with the tool's name, which stands in all that it prints.
      if (secret !== "deadheat") secrets.add(secret);
      const known = codes.get(code);
      return known ? reset(known, secret, (mail, password) => changed.set(mail, password)) : WRONG;
    },
  };
  return serve(routes, DOCUMENT);
}

const text = { type: "string" };
const mail = { type: "string", format: "email" };
const secret = { type: "string", format: "password" };
const member = body({ mail, secret });
const DOCUMENT = {
  ...accountsDocument(),
  paths: {
    "/me": { get: { security: [{ tokenAuth: [] }], responses: { 200: answer({ mail: text }) } } },
    "/members": { post: { requestBody: member, responses: { 201: answer({}), 409: answer({}) } } },
    "/members/enter": {
      post: { requestBody: member, responses: { 200: answer({ token: text }), 401: answer({}) } },
    },
    "/forgot": { post: { requestBody: body({ mail }), responses: { 200: answer({ code: text }) } } },
    "/forgot/done": {
      post: {
        requestBody: body({ code: text, secret }),
        responses: { 200: answer({ changed: { type: "boolean" } }) },
      },
    },
  },
};
