import {
  type Account,
  Accounts,
  accountsDocument,
  answer,
  body,
  credential,
  unauthorized,
} from "./accounts.ts";
import { newToken, type Reply, type Routes, serve, sleep, type Target } from "./api.ts";
import { webToken } from "./web-token.ts";

const WORK_MS = 12;
const TURNED_AWAY: Reply = { status: 302, headers: { location: "/?error=the+link+was+used" } };
const WRONG: Reply = { status: 400, body: { error: "the code is wrong, used or old" } };

interface Code {
  readonly account: Account;
  used?: boolean;
  /** What the first log-in with it gave. */
  token?: string;
  busy?: Promise<string | undefined>;
}

type Spend = (accounts: Accounts, code: Code) => Promise<string | undefined> | string | undefined;

const checkThenMark: Spend = async (accounts, code) => {
  if (code.used) return undefined;
  await sleep(WORK_MS);
  code.used = true;
  return accounts.issue(code.account);
};

export const RACY: Readonly<Record<string, Spend>> = {
  "looks, works, marks": checkThenMark,
  "a repeat is answered the same session, once there is one": async (accounts, code) => {
    if (code.token) return code.token;
    await sleep(WORK_MS);
    code.token = accounts.issue(code.account);
    return code.token;
  },
};

export const RIGHT: Readonly<Record<string, Spend>> = {
  "a conditional update": async (accounts, code) => {
    if (code.used) return undefined;
    code.used = true;
    await sleep(WORK_MS);
    return accounts.issue(code.account);
  },
  "a mutex": async (accounts, code) => {
    await code.busy;
    code.busy = checkThenMark(accounts, code) as Promise<string | undefined>;
    return code.busy;
  },
  "losers are answered the winner's token": async (accounts, code) => {
    code.busy ??= sleep(WORK_MS).then(() => accounts.issue(code.account));
    return code.busy;
  },
  "losers are answered a token that never works": async (accounts, code) => {
    if (code.used) return newToken();
    code.used = true;
    await sleep(WORK_MS);
    return accounts.issue(code.account);
  },
  "a second use ends what the first one gave": async (accounts, code) => {
    const before = code.used;
    if (code.token) accounts.issued.delete(code.token);
    code.used = true;
    await sleep(WORK_MS);
    if (before) return undefined;
    code.token = accounts.issue(code.account);
    return code.token;
  },
  "each log-in ends the one before": async (accounts, code) => {
    if (code.used) return undefined;
    await sleep(WORK_MS);
    code.used = true;
    if (code.token) accounts.issued.delete(code.token);
    code.token = accounts.issue(code.account);
    return code.token;
  },
};

export const OTHER: Readonly<Record<string, readonly [Spend, RegExp]>> = {
  "a code that is never spent": [
    (accounts, code) => accounts.issue(code.account),
    /inconclusive \(no race: one at a time as well, one code opened 3 sessions/,
  ],
  "sessions that are ended a second later": [
    async (accounts, code) => {
      if (code.used) return undefined;
      await sleep(WORK_MS);
      const late = code.used;
      code.used = true;
      const token = accounts.issue(code.account);
      if (late) setTimeout(() => accounts.issued.delete(token), 1000);
      return token;
    },
    /inconclusive \(the state read back had changed by itself/,
  ],
};

interface CodesOptions {
  /** Where the code is found: in the answer, or in a mail alone. */
  readonly send?: (address: string, code: string) => Promise<void>;
  /** The code is not typed in: it stands in a link. */
  readonly link?: true;
  /** Tokens are JSON Web Tokens: two of one second are the same text. */
  readonly jwt?: true;
}

/** Log-in by a code that is asked for with the registered address; a newer code ends the older ones. */
export async function codesTarget(spend: Spend, { send, link, jwt }: CodesOptions = {}): Promise<Target> {
  const accounts = new Accounts(jwt && (({ name }) => webToken({ sub: name })));
  const codes = new Map<string, { value: string; code: Code }>();
  let made = 100_000;
  const routes: Routes = {
    "POST /members": ({ body: { mail, secret } }) =>
      accounts.add(mail, secret) ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /members/enter": ({ body: { mail, secret } }) => {
      const account = accounts.check(mail, secret);
      return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
    },
    "GET /me": (call) => {
      const account = accounts.holder(credential(call));
      return account ? { status: 200, body: { mail: account.name } } : unauthorized;
    },
    "POST /otp": async ({ body: { mail } }) => {
      const known = accounts.byName.get(mail);
      if (!known) return { status: 404, body: {} };
      const value = String(++made);
      codes.set(mail, { value, code: { account: known.account } });
      if (!send) return { status: 200, body: { otp: value } };
      await send(mail, value);
      return { status: 202, body: { sent: true } };
    },
    "POST /otp/enter": async ({ body: { mail, otp } }) => {
      const asked = codes.get(mail);
      if (asked?.value !== otp) return WRONG;
      const token = asked && (await spend(accounts, asked.code));
      return token ? { status: 200, body: { data: { token } } } : WRONG;
    },
    "GET /otp/link": async ({ query }) => {
      const asked = [...codes.values()].find((one) => one.value === query.otp);
      const token = asked && (await spend(accounts, asked.code));
      return token ? { status: 200, body: { data: { token } } } : TURNED_AWAY;
    },
  };
  return serve(routes, codesDocument(send !== undefined, link === true));
}

const text = { type: "string" };
const mail = { type: "string", format: "email" };
const otp = { type: "string", pattern: "^[0-9]{6}$" };

const IN_QUERY = { name: "otp", in: "query", required: true, schema: otp };

function codesDocument(mailed: boolean, link: boolean): object {
  const member = body({ mail, secret: { type: "string", format: "password" } });
  const asked = mailed ? { 202: answer({ sent: { type: "boolean" } }) } : { 200: answer({ otp: text }) };
  const token = answer({ data: { type: "object", properties: { token: text } } });
  return {
    ...accountsDocument(),
    paths: {
      "/me": { get: { security: [{ tokenAuth: [] }], responses: { 200: answer({ mail: text }) } } },
      "/members": { post: { requestBody: member, responses: { 201: answer({}), 409: answer({}) } } },
      "/members/enter": {
        post: { requestBody: member, responses: { 200: answer({ token: text }), 401: answer({}) } },
      },
      "/otp": { post: { requestBody: body({ mail }), responses: asked } },
      ...(link
        ? { "/otp/link": { get: { parameters: [IN_QUERY], responses: { 200: token } } } }
        : { "/otp/enter": { post: { requestBody: body({ mail, otp }), responses: { 200: token } } } }),
    },
  };
}

/** An invite that signs nobody in: whoever invited gets points when it is accepted. */
export async function invitesTarget(racy: boolean): Promise<Target> {
  const accounts = new Accounts();
  const invites = new Map<string, { readonly by: Account; accepted: boolean }>();
  const protectedBy = [{ tokenAuth: [] }];
  const routes: Routes = {
    "POST /members": ({ body: { mail, secret } }) =>
      accounts.add(mail, secret) ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /members/enter": ({ body: { mail, secret } }) => {
      const account = accounts.check(mail, secret);
      return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
    },
    "GET /me": (call) => {
      const account = accounts.holder(credential(call));
      return account ? { status: 200, body: { mail: account.name, points: account.points } } : unauthorized;
    },
    "POST /referrals": (call) => {
      const by = accounts.holder(credential(call));
      if (!by) return unauthorized;
      const code = newToken();
      invites.set(code, { by, accepted: false });
      return { status: 201, body: { code } };
    },
    "POST /referrals/{code}/confirm": async ({ parameters }) => {
      const invite = invites.get(parameters.code ?? "");
      if (!invite || invite.accepted) return WRONG;
      if (!racy) invite.accepted = true;
      await sleep(WORK_MS);
      invite.accepted = true;
      invite.by.points += 10;
      return { status: 200, body: { thanks: true } };
    },
  };
  const member = body({ mail, secret: { type: "string", format: "password" } });
  const code = { name: "code", in: "path", required: true, schema: text };
  return serve(routes, {
    ...accountsDocument(),
    paths: {
      "/me": {
        get: {
          security: protectedBy,
          responses: { 200: answer({ mail: text, points: { type: "integer" } }) },
        },
      },
      "/members": { post: { requestBody: member, responses: { 201: answer({}), 409: answer({}) } } },
      "/members/enter": {
        post: { requestBody: member, responses: { 200: answer({ token: text }), 401: answer({}) } },
      },
      "/referrals": { post: { security: protectedBy, responses: { 201: answer({ code: text }) } } },
      "/referrals/{code}/confirm": {
        post: {
          parameters: [code],
          responses: { 200: answer({ thanks: { type: "boolean" } }), 400: answer({}) },
        },
      },
    },
  });
}
