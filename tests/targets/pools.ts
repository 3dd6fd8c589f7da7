import { randomUUID } from "node:crypto";
import { type Call, type Reply, sleep, type Target } from "./api.ts";
import { integer, Lock, operation, reply, signedIn, text, WORK_MS } from "./paired.ts";
import type { Player } from "./points.ts";

/** A place with something in it; those of one owner are looked at together. */
interface Pot {
  readonly id: string;
  readonly owner: Player;
  amount: number;
  active: boolean;
  taken: number;
}

/** What is looked at before, and what is written after, each at its time. */
interface Step {
  readonly allowed: () => boolean;
  readonly write: () => void;
  /** Grows with every write of what was looked at. */
  readonly version: () => number;
}

type Isolation = (step: Step, lock: Lock) => Promise<Reply>;

const done = reply(200);
const refused = reply(409);

const checkThenWrite: Isolation = async ({ allowed, write }) => {
  if (!allowed()) return refused;
  await sleep(WORK_MS);
  write();
  return done;
};

export const RACY: Readonly<Record<string, Isolation>> = { "looks, works, writes": checkThenWrite };

export const RIGHT: Readonly<Record<string, Isolation>> = {
  "a lock on all of them": (step, lock) => lock.held(() => checkThenWrite(step, lock)),
  "a condition in the write": async ({ allowed, write }) => {
    await sleep(WORK_MS);
    if (!allowed()) return refused;
    write();
    return done;
  },
  "serializable, tried again": async ({ allowed, write, version }) => {
    for (;;) {
      const seen = version();
      if (!allowed()) return refused;
      await sleep(WORK_MS);
      if (version() !== seen) continue;
      write();
      return done;
    }
  },
  "serializable, 500 for the later": async ({ allowed, write, version }) => {
    const seen = version();
    if (!allowed()) return refused;
    await sleep(WORK_MS);
    if (version() !== seen) return reply(500);
    write();
    return done;
  },
};

/** Accounts with a floor over all of an owner's, duties of which one has to be filled, stock that is sold two ways. */
export async function poolsTarget(isolation: Isolation): Promise<Target> {
  const pots = new Map<string, Pot>();
  const lock = new Lock();
  let writes = 0;
  const of = (owner: Player) => [...pots.values()].filter((one) => one.owner === owner);
  const make = (owner: Player, amount: number) => {
    const pot = { id: randomUUID(), owner, amount, active: true, taken: 0 };
    pots.set(pot.id, pot);
    return reply(201, { id: pot.id });
  };
  const on = (work: (pot: Pot, call: Call) => Promise<Reply> | Reply) => (call: Call, player: Player) => {
    const pot = pots.get(call.parameters.id ?? "");
    return pot?.owner === player ? work(pot, call) : reply(404);
  };
  const keeping = (allowed: () => boolean, write: () => void) =>
    isolation(
      {
        allowed,
        write: () => {
          writes++;
          write();
        },
        version: () => writes,
      },
      lock,
    );
  const sell = (pot: Pot, quantity: number) =>
    keeping(
      () => pot.amount - pot.taken >= quantity,
      () => {
        pot.taken += quantity;
      },
    );
  const move = async ({ body }: Call) => {
    const [from, to] = [pots.get(body.from_account), pots.get(body.to_account)];
    if (!from || !to || from === to) return reply(404);
    const transfer = async () => {
      if (from.amount < body.amount) return refused;
      const [left, right] = [from.amount, to.amount];
      await sleep(WORK_MS);
      from.amount = left - body.amount;
      to.amount = right + body.amount;
      return done;
    };
    return isolation === checkThenWrite ? transfer() : lock.held(transfer);
  };
  return signedIn(
    {
      "POST /accounts": ({ body }, player) => make(player, body.balance),
      "GET /accounts/{id}": on(({ amount }) => reply(200, { balance: amount })),
      "POST /accounts/{id}/withdrawals": on((pot, { body }) =>
        keeping(
          // Any one may be overdrawn, as long as all together are not.
          () => of(pot.owner).reduce((sum, one) => sum + one.amount, 0) >= body.amount,
          () => {
            pot.amount -= body.amount;
          },
        ),
      ),
      "POST /transfers": move,
      "POST /duties": (_call, player) => make(player, 0),
      "GET /duties/{id}": on(({ active }) => reply(200, { filled: active ? 1 : 0 })),
      "POST /duties/{id}/leave": on((pot) =>
        keeping(
          () => pot.active && of(pot.owner).filter((one) => one.active).length > 1,
          () => {
            pot.active = false;
          },
        ),
      ),
      "POST /goods": ({ body }, player) => make(player, body.stock),
      "GET /goods/{id}": on(({ amount, taken }) => reply(200, { left: amount - taken })),
      "POST /goods/{id}/orders": on((pot, { body }) => sell(pot, body.quantity)),
      "POST /goods/{id}/gifts": on((pot) => sell(pot, 1)),
    },
    {
      "/accounts": { post: operation([], { balance: integer }, { 201: { id: text } }) },
      "/accounts/{id}": { get: operation(["id"], undefined, { 200: { balance: integer } }) },
      "/accounts/{id}/withdrawals": {
        post: operation(["id"], { amount: { type: "integer", minimum: 1 } }, { 200: {}, 409: undefined }),
      },
      "/transfers": {
        post: operation(
          [],
          { from_account: text, to_account: text, amount: { type: "integer", minimum: 1 } },
          { 200: {}, 409: undefined },
        ),
      },
      "/duties": { post: operation([], undefined, { 201: { id: text } }) },
      "/duties/{id}": { get: operation(["id"], undefined, { 200: { filled: integer } }) },
      "/duties/{id}/leave": { post: operation(["id"], undefined, { 200: {}, 409: undefined }) },
      "/goods": { post: operation([], { stock: integer }, { 201: { id: text } }) },
      "/goods/{id}": { get: operation(["id"], undefined, { 200: { left: integer } }) },
      "/goods/{id}/orders": {
        post: operation(["id"], { quantity: { type: "integer", minimum: 1 } }, { 200: {}, 409: undefined }),
      },
      "/goods/{id}/gifts": { post: operation(["id"], undefined, { 200: {}, 409: undefined }) },
    },
  );
}
