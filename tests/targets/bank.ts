import { type Call, type Reply, type Routes, serve, sleep, type Target } from "./api.ts";
import { type Player, Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

interface Customer {
  credit: number;
  nickname: string;
  readonly tags: { readonly label: string }[];
}

const THINK_MS = 25;
const done = (body: unknown = {}, status = 200): Reply => ({ status, body });

/**
 * Objects named in bodies, effects that show in a list or in a text only. Racy: read, think, write. Right: the
 * same under one lock for each customer, and the token looked at again under it.
 */
export async function bankTarget(racy: boolean): Promise<Target> {
  const players = new Players();
  const customers = new Map<Player, Customer>();
  const accounts = new Map<number, { balance: number }>();
  const vouchers = new Map<string, { spent: boolean }>();
  const locks = new Map<unknown, Promise<unknown>>();
  const customerOf = (player: Player) => {
    const known = customers.get(player) ?? { credit: 0, nickname: "none", tags: [] };
    customers.set(player, known);
    return known;
  };
  const locked = <T>(key: unknown, work: () => Promise<T>): Promise<T> => {
    if (racy) return work();
    const next = (locks.get(key) ?? Promise.resolve()).then(work, work);
    locks.set(key, next);
    return next;
  };
  /** For a caller whose token is good, and where right, still good when its turn comes. */
  const under = (work: (customer: Customer, body: Call["body"]) => Promise<Reply>) => {
    return async ({ token, body }: Parameters<Routes[string]>[0]) => {
      const player = players.byToken.get(token);
      if (!player) return unauthorized;
      return locked(player, async () =>
        !racy && !players.byToken.has(token) ? unauthorized : work(customerOf(player), body),
      );
    };
  };
  return serve(
    {
      ...pointsRoutes(players),
      "POST /signout": async ({ token }) => {
        const player = players.byToken.get(token);
        if (!player) return unauthorized;
        return locked(player, async () => (players.byToken.delete(token) ? { status: 204 } : unauthorized));
      },
      "GET /me": under(async ({ credit, nickname }) => done({ credit, nickname, updated_at: "2026-01-01" })),
      "PATCH /me": under(async (customer, { nickname }) => {
        await sleep(THINK_MS);
        customer.nickname = nickname;
        return done();
      }),
      "POST /accounts": under(async (_customer, { balance }) => {
        accounts.set(accounts.size + 1, { balance: Number(balance) });
        return done({ id: accounts.size, balance }, 201);
      }),
      "GET /accounts/{id}": ({ parameters }) => done(accounts.get(Number(parameters.id))),
      "POST /transfers": under(async (_customer, { from_account, to_account, amount }) => {
        const [payer, payee] = [accounts.get(from_account), accounts.get(to_account)];
        if (!payer || !payee || payer.balance < amount) return done({}, 409);
        const [left, right] = [payer.balance, payee.balance];
        await sleep(THINK_MS);
        payer.balance = left - amount;
        payee.balance = right + amount;
        return done();
      }),
      "POST /vouchers": under(async (_customer, { label }) => {
        const code = `V-${vouchers.size}-${String(label).length}`;
        vouchers.set(code, { spent: false });
        return done({ code }, 201);
      }),
      "POST /vouchers/redeem": under(async (customer, { code }) => {
        const voucher = vouchers.get(code);
        if (!voucher || voucher.spent) return done({}, 409);
        await sleep(THINK_MS);
        voucher.spent = true;
        customer.credit += 10;
        return done();
      }),
      "GET /tags": under(async ({ tags }) => done({ items: tags })),
      "POST /tags": under(async ({ tags }, { label }) => {
        if (tags.some((tag) => tag.label === label)) return done({}, 409);
        await sleep(THINK_MS);
        tags.push({ label });
        return done({}, 201);
      }),
    },
    bankDocument(),
  );
}

function bankDocument(): object {
  const security = [{ bearer: [] }];
  const schema = (properties: object) => ({ type: "object", properties, required: Object.keys(properties) });
  const json = (properties: object) => ({ content: { "application/json": { schema: schema(properties) } } });
  const post = (body: object, answer: object, status = 200) => ({
    security,
    requestBody: { required: true, ...json(body) },
    responses: { [status]: { description: "Done.", ...json(answer) }, 409: { description: "Refused." } },
  });
  const get = (answer: object, more: object = {}) => ({
    security,
    responses: { 200: { description: "Found.", ...json(answer) } },
    ...more,
  });
  const integer = { type: "integer" };
  const text = { type: "string" };
  const id = { name: "id", in: "path", required: true, schema: integer };
  return pointsDocument({
    "/me": {
      get: get({ credit: integer, nickname: text, updated_at: { type: "string", format: "date" } }),
      patch: {
        security,
        requestBody: {
          content: { "application/json": { schema: { type: "object", properties: { nickname: text } } } },
          required: true,
        },
        responses: { 200: { description: "Done.", ...json({}) } },
      },
    },
    "/points": {},
    "/accounts": { post: post({ balance: integer }, { id: integer, balance: integer }, 201) },
    "/accounts/{id}": { get: get({ balance: integer }, { parameters: [id] }) },
    "/transfers": {
      post: post({ from_account: integer, to_account: integer, amount: { type: "integer", minimum: 1 } }, {}),
    },
    "/vouchers": { post: post({ label: text }, { code: text }, 201) },
    "/vouchers/redeem": { post: post({ code: text }, {}) },
    "/tags": {
      get: get({ items: { type: "array", items: schema({ label: text }) } }),
      post: post({ label: text }, {}, 201),
    },
  });
}
