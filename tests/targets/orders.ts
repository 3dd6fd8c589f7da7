import { randomUUID } from "node:crypto";
import { type Reply, sleep, type Target } from "./api.ts";
import { integer, Lock, operation, reply, signedIn, text, WORK_MS } from "./paired.ts";
import type { Player } from "./points.ts";

interface Known {
  readonly quantity: number | undefined;
  state: "busy" | "done" | "failed";
  answer?: Reply;
}

/** The orders and the keys of one user. */
class Desk {
  readonly orders = new Map<string, { readonly quantity: number }>();
  readonly keys = new Map<string, Known>();
  readonly lock = new Lock();

  make(quantity: number): Reply {
    const id = randomUUID();
    this.orders.set(id, { quantity });
    return reply(201, { id, quantity });
  }
}

/** Takes an order under a key; the quantity is absent where the body is wrong. */
type Take = (desk: Desk, key: string, quantity: number | undefined) => Promise<Reply> | Reply;

const wrong = reply(400);
const reused = reply(422);

/** The key is claimed before anything else; a failure gives it back. */
const claimed: Take = async (desk, key, quantity) => {
  const known = desk.keys.get(key);
  if (known?.state === "busy") return reply(409);
  if (known?.state === "done") return known.quantity === quantity ? (known.answer ?? reply(409)) : reused;
  const mine: Known = { quantity, state: "busy" };
  desk.keys.set(key, mine);
  await sleep(WORK_MS);
  if (quantity === undefined) {
    desk.keys.delete(key);
    return wrong;
  }
  mine.answer = desk.make(quantity);
  mine.state = "done";
  return mine.answer;
};

const remembered: Take = async (desk, key, quantity) => {
  if (quantity === undefined) return wrong;
  const known = desk.keys.get(key);
  if (known) return known.quantity === quantity ? (known.answer ?? reply(409)) : reused;
  await sleep(WORK_MS);
  const answer = desk.make(quantity);
  desk.keys.set(key, { quantity, state: "done", answer });
  return answer;
};

export const RACY: Readonly<Record<string, Take>> = {
  "remembered when the work is done": remembered,
  "claimed with its body, so that another body is another key": async (desk, key, quantity) => {
    if (quantity === undefined) return wrong;
    const known = desk.keys.get(key);
    if (known && known.quantity !== quantity) return reused;
    const answer = await claimed(desk, `${key} ${quantity}`, quantity);
    desk.keys.set(key, { quantity, state: "done", answer });
    return answer;
  },
  "free again after a failure, for everybody": async (desk, key, quantity) => {
    const known = desk.keys.get(key);
    if (known?.state !== "failed") {
      const answer = await claimed(desk, key, quantity);
      if (quantity === undefined) desk.keys.set(key, { quantity, state: "failed" });
      return answer;
    }
    return remembered(desk, `again ${key}`, quantity);
  },
};

export const RIGHT: Readonly<Record<string, Take>> = {
  "claimed first": claimed,
  "one at a time": (desk, key, quantity) => desk.lock.held(() => remembered(desk, key, quantity)),
};

/** Orders, which nothing but a list and their own read shows. */
export async function ordersTarget(take: Take): Promise<Target> {
  const desks = new Map<Player, Desk>();
  const deskOf = (player: Player) => {
    const desk = desks.get(player) ?? new Desk();
    desks.set(player, desk);
    return desk;
  };
  const header = { name: "Idempotency-Key", in: "header", required: true, schema: text };
  const shown = { id: text, quantity: integer };
  return signedIn(
    {
      "POST /orders": ({ body, headers }, player) => {
        const quantity = Number.isInteger(body.quantity) ? Number(body.quantity) : undefined;
        return take(deskOf(player), String(headers["idempotency-key"]), quantity);
      },
      "GET /orders/{id}": ({ parameters }, player) => {
        const order = deskOf(player).orders.get(parameters.id ?? "");
        return order ? reply(200, order) : reply(404);
      },
    },
    {
      "/orders": {
        post: operation(
          [],
          { quantity: { type: "integer", minimum: 1 } },
          { 201: shown, 409: undefined, 422: undefined },
          { headers: [header] },
        ),
      },
      "/orders/{id}": { get: operation(["id"], undefined, { 200: shown }) },
    },
  );
}
