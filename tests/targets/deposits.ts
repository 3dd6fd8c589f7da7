import {
  type Account,
  Accounts,
  accountsDocument,
  answer,
  body,
  credential,
  unauthorized,
} from "./accounts.ts";
import { type Call, type Reply, type Routes, serve, sleep, type Target } from "./api.ts";

const WORK_MS = 12;

interface Known {
  readonly amount: number;
  done?: boolean;
  busy?: Promise<Reply>;
}

interface Deposit {
  readonly account: Account;
  readonly amount: number;
  readonly key: string;
  /** Keys that were used, of this account. */
  readonly keys: Map<string, Known>;
  readonly token: string;
}

type Put = (deposit: Deposit) => Promise<Reply> | Reply;

const DONE: Reply = { status: 201, body: { done: true } };
const REUSED: Reply = { status: 422, body: { error: "the key was used for another request" } };
const BUSY: Reply = { status: 409, body: { error: "a request with this key is being worked on" } };

const add = ({ account, amount }: Deposit): Reply => {
  account.points += amount;
  return DONE;
};

const lateKey: Put = async (deposit) => {
  const known = deposit.keys.get(deposit.key);
  if (known) return known.amount === deposit.amount ? DONE : REUSED;
  await sleep(WORK_MS);
  deposit.keys.set(deposit.key, { amount: deposit.amount });
  return add(deposit);
};

export const RACY: Readonly<Record<string, Put>> = {
  "the key is kept when the work is done": lateKey,
  "the key is refused, once it is known": async (deposit) => {
    if (deposit.keys.has(deposit.key)) return BUSY;
    return lateKey(deposit);
  },
};

export const RIGHT: Readonly<Record<string, Put>> = {
  "a unique insert, 409 in the meantime": async (deposit) => {
    const known = deposit.keys.get(deposit.key);
    if (known && known.amount !== deposit.amount) return REUSED;
    if (known) return known.done ? DONE : BUSY;
    const mine: Known = { amount: deposit.amount };
    deposit.keys.set(deposit.key, mine);
    await sleep(WORK_MS);
    mine.done = true;
    return add(deposit);
  },
  "a mutex, the first answer again": async (deposit) => {
    const known = deposit.keys.get(deposit.key);
    if (known && known.amount !== deposit.amount) return REUSED;
    if (known?.busy) return known.busy;
    const busy = sleep(WORK_MS).then(() => add(deposit));
    deposit.keys.set(deposit.key, { amount: deposit.amount, busy });
    return busy;
  },
  "keys of one token are not those of another": async (deposit) => {
    const key = `${deposit.token} ${deposit.key}`;
    if (deposit.keys.has(key)) return DONE;
    deposit.keys.set(key, { amount: deposit.amount });
    await sleep(WORK_MS);
    return add(deposit);
  },
};

export const OTHER: Readonly<Record<string, readonly [Put, RegExp]>> = {
  "a key that is ignored": [
    async (deposit) => {
      await sleep(WORK_MS);
      return add(deposit);
    },
    /inconclusive \(no race: the Idempotency-Key is ignored/,
  ],
  "an effect that is taken back a second later": [
    async (deposit) => {
      const before = deposit.account.points;
      const reply = await lateKey(deposit);
      const doubled = deposit.account.points > before + deposit.amount;
      if (doubled) setTimeout(() => (deposit.account.points -= deposit.amount), 1000);
      return reply;
    },
    /inconclusive \(the state read back had changed by itself/,
  ],
};

/** Points that are added under an Idempotency-Key, which the document requires or only allows. */
export async function depositsTarget(put: Put, required = true): Promise<Target> {
  const accounts = new Accounts();
  const keys = new Map<Account, Map<string, Known>>();
  const routes: Routes = {
    "POST /join": ({ body: { name, password } }) =>
      accounts.add(name, password) ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /enter": ({ body: { name, password } }) => {
      const account = accounts.check(name, password);
      return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
    },
    "GET /me": (call) => {
      const account = accounts.holder(credential(call));
      return account ? { status: 200, body: { points: account.points } } : unauthorized;
    },
    "POST /points": (call) => {
      const account = accounts.holder(credential(call));
      if (!account) return unauthorized;
      if (!Number.isInteger(call.body.points)) return { status: 400, body: {} };
      const known = keys.get(account) ?? new Map<string, Known>();
      keys.set(account, known);
      const key = keyOf(call);
      const deposit = { account, amount: call.body.points, keys: known, token: call.token };
      return key === undefined ? add({ ...deposit, key: "" }) : put({ ...deposit, key });
    },
  };
  return serve(routes, documentOf(required));
}

function keyOf({ headers }: Call): string | undefined {
  const value = headers["idempotency-key"];
  return typeof value === "string" ? value : undefined;
}

function documentOf(required: boolean): object {
  const person = body({ name: { type: "string" }, password: { type: "string", format: "password" } });
  const header = { name: "Idempotency-Key", in: "header", required, schema: { type: "string" } };
  const points = { type: "integer", minimum: 1 };
  const protectedBy = [{ tokenAuth: [] }];
  return {
    ...accountsDocument(),
    paths: {
      "/me": { get: { security: protectedBy, responses: { 200: answer({ points: { type: "integer" } }) } } },
      "/join": { post: { requestBody: person, responses: { 201: answer({}), 409: answer({}) } } },
      "/enter": {
        post: {
          requestBody: person,
          responses: { 200: answer({ token: { type: "string" } }), 401: answer({}) },
        },
      },
      "/points": {
        post: {
          security: protectedBy,
          parameters: [header],
          requestBody: body({ points }),
          responses: { 201: answer({}), 409: answer({}), 422: answer({}) },
        },
      },
    },
  };
}
