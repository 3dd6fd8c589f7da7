import { randomUUID } from "node:crypto";
import { type Call, type Reply, sleep, type Target } from "./api.ts";
import { integer, Lock, operation, reply, signedIn, text, WORK_MS } from "./paired.ts";
import type { Player } from "./points.ts";

interface Board {
  readonly id: string;
  readonly owner: Player;
  title: string;
}

/** Boards, and cards on them, in memory. */
export class Boards {
  readonly boards = new Map<string, Board>();
  readonly cards = new Map<string, { readonly board: string; readonly owner: Player }>();
  readonly lock = new Lock();

  drop(id: string): Reply {
    if (!this.boards.delete(id)) return reply(404);
    for (const [card, { board }] of this.cards) if (board === id) this.cards.delete(card);
    return { status: 204 };
  }

  hasCards(id: string): boolean {
    return [...this.cards.values()].some(({ board }) => board === id);
  }
}

/** How a card gets onto a board, how a board is renamed, and how it is deleted. */
export interface Rules {
  add(boards: Boards, id: string, owner: Player): Promise<Reply> | Reply;
  rename(boards: Boards, id: string, title: string): Promise<Reply> | Reply;
  drop(boards: Boards, id: string): Promise<Reply> | Reply;
}

const insert = (boards: Boards, board: string, owner: Player): Reply => {
  const id = randomUUID();
  boards.cards.set(id, { board, owner });
  return reply(201, { id });
};
const right: Rules = {
  async add(boards, id, owner) {
    await sleep(WORK_MS);
    return boards.boards.has(id) ? insert(boards, id, owner) : reply(404);
  },
  async rename({ boards }, id, title) {
    await sleep(WORK_MS);
    const board = boards.get(id);
    if (!board) return reply(404);
    board.title = title;
    return reply(200);
  },
  async drop(boards, id) {
    await sleep(WORK_MS / 2);
    return boards.drop(id);
  },
};
const orphans: Rules = {
  ...right,
  async add(boards, id, owner) {
    if (!boards.boards.has(id)) return reply(404);
    await sleep(WORK_MS);
    return insert(boards, id, owner);
  },
};
const refusing: Rules = {
  ...orphans,
  async drop(boards, id) {
    if (boards.hasCards(id)) return reply(409);
    await sleep(WORK_MS);
    return boards.boards.delete(id) ? { status: 204 } : reply(404);
  },
};

export const RACY: Readonly<Record<string, readonly [Rules, string]>> = {
  "a child that is inserted after its parent is gone": [orphans, "POST /boards/{id}/cards"],
  "a delete that looks for children first": [refusing, "POST /boards/{id}/cards"],
  "a row that is saved back": [
    {
      ...right,
      async rename({ boards }, id, title) {
        const board = boards.get(id);
        if (!board) return reply(404);
        await sleep(WORK_MS);
        boards.set(id, { ...board, title });
        return reply(200);
      },
    },
    "PUT /boards/{id}",
  ],
};

export const RIGHT: Readonly<Record<string, Rules>> = {
  "a delete that is acknowledged twice at once": {
    ...right,
    async drop(boards, id) {
      if (!boards.boards.has(id)) return reply(404);
      await sleep(WORK_MS);
      boards.drop(id);
      return { status: 204 };
    },
  },
  "the parent is looked for by the write": right,
  "a lock on the parent": {
    add: (boards, id, owner) => boards.lock.held(() => orphans.add(boards, id, owner)),
    rename: (boards, id, title) => boards.lock.held(() => right.rename(boards, id, title)),
    drop: (boards, id) => boards.lock.held(() => refusing.drop(boards, id)),
  },
};

export const OTHER: Readonly<Record<string, readonly [Rules, RegExp]>> = {
  "children may outlive their parent": [
    { ...right, add: (boards, id, owner) => insert(boards, id, owner) },
    /: not-applicable \(it is acknowledged after the delete/,
  ],
  "children are taken away later": [
    {
      ...orphans,
      drop(boards, id) {
        if (!boards.boards.delete(id)) return reply(404);
        setTimeout(() => boards.drop(id), 300);
        return reply(202);
      },
    },
    /: not-applicable \(.*202/,
  ],
};

export async function boardsTarget(rules: Rules): Promise<Target> {
  const boards = new Boards();
  const own = (player: Player, id = "") => boards.boards.get(id)?.owner === player;
  const mine = ({ parameters }: Call, player: Player, work: (id: string) => Promise<Reply> | Reply) =>
    own(player, parameters.id) ? work(parameters.id ?? "") : reply(404);
  return signedIn(
    {
      "POST /boards": ({ body }, owner) => {
        const id = randomUUID();
        boards.boards.set(id, { id, owner, title: body.title });
        return reply(201, { id });
      },
      "GET /boards/{id}": (call, player) =>
        mine(call, player, (id) => reply(200, { title: boards.boards.get(id)?.title })),
      "PUT /boards/{id}": (call, player) =>
        mine(call, player, (id) => rules.rename(boards, id, call.body.title)),
      "DELETE /boards/{id}": (call, player) => mine(call, player, (id) => rules.drop(boards, id)),
      "POST /boards/{id}/cards": ({ parameters }, player) => rules.add(boards, parameters.id ?? "", player),
      "GET /cards": (_call, player) =>
        reply(200, { count: [...boards.cards.values()].filter(({ owner }) => owner === player).length }),
    },
    {
      "/boards": { post: operation([], { title: text }, { 201: { id: text } }) },
      "/boards/{id}": {
        get: operation(["id"], undefined, { 200: { title: text } }),
        put: operation(["id"], { title: text }, { 200: {} }),
        delete: operation(["id"], undefined, { 204: undefined }),
      },
      "/boards/{id}/cards": { post: operation(["id"], undefined, { 201: { id: text } }) },
      "/cards": { get: operation([], undefined, { 200: { count: integer } }) },
    },
  );
}
