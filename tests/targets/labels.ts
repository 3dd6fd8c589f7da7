import { randomUUID } from "node:crypto";
import { type Reply, sleep, type Target } from "./api.ts";
import { integer, Lock, operation, reply, signedIn, text, WORK_MS } from "./paired.ts";

interface Label {
  readonly id: string;
  readonly name: string;
}

/** The labels of everybody. */
export class Labels {
  readonly byId = new Map<string, Label>();
  readonly lock = new Lock();
  readonly names = new Set<string>();
  calls = 0;
  readonly seen = new Map<string, { at: number; answer: Reply }>();

  find(name: string): Label | undefined {
    return [...this.byId.values()].find((one) => one.name === name);
  }

  insert(name: string): Reply {
    const label = { id: randomUUID(), name };
    this.byId.set(label.id, label);
    return reply(201, label);
  }
}

type Create = (labels: Labels, name: string) => Promise<Reply> | Reply;

const checkThenInsert: Create = async (labels, name) => {
  if (labels.find(name)) return reply(409);
  await sleep(WORK_MS);
  return labels.insert(name);
};
const getOrCreate: Create = async (labels, name) => {
  const found = labels.find(name);
  if (found) return reply(200, found);
  await sleep(WORK_MS);
  return labels.insert(name);
};

export const RACY: Readonly<Record<string, Create>> = {
  "looks, works, inserts": checkThenInsert,
  "gets, or works and creates": getOrCreate,
};

export const RIGHT: Readonly<Record<string, Create>> = {
  "a lock around both": (labels, name) => labels.lock.held(() => checkThenInsert(labels, name)),
  "a unique constraint": async (labels, name) => {
    if (labels.find(name)) return reply(409);
    await sleep(WORK_MS);
    return labels.find(name) ? reply(409) : labels.insert(name);
  },
  "insert, or what is there": async (labels, name) => {
    await sleep(WORK_MS);
    const found = labels.find(name);
    return found ? reply(200, found) : labels.insert(name);
  },
  "500 where two are serialized without a retry": async (labels, name) => {
    if (labels.find(name)) return reply(409);
    await sleep(WORK_MS);
    return labels.find(name) ? reply(500) : labels.insert(name);
  },
};

export const OTHER: Readonly<Record<string, readonly [Create, RegExp]>> = {
  "nothing is unique": [
    async (labels, name) => {
      await sleep(WORK_MS);
      return labels.insert(name);
    },
    /^duplicate-create POST \/labels: not-applicable \(the same twice, one at a time, makes two/,
  ],
  "refused at random": [
    (labels, name) => (labels.calls++ % 3 === 1 ? reply(409) : labels.insert(name)),
    /^duplicate-create POST \/labels: (model-unfit|not-applicable) /,
  ],
  "made later": [
    async (labels, name) => {
      setTimeout(() => labels.insert(name), 150);
      return reply(202);
    },
    /^duplicate-create POST \/labels: not-applicable \(.*202/,
  ],
  "the same body within 40 ms is the same request": [
    async (labels, name) => {
      const known = labels.seen.get(name);
      if (known && performance.now() - known.at < 40) return known.answer;
      const answer = labels.insert(name);
      labels.seen.set(name, { at: performance.now(), answer });
      await sleep(WORK_MS);
      return answer;
    },
    /^duplicate-create POST \/labels: (not-observed|model-unfit|not-applicable|inconclusive)/,
  ],
};

export async function labelsTarget(create: Create): Promise<Target> {
  const labels = new Labels();
  const shown = { id: text, name: text };
  return signedIn(
    {
      "POST /labels": ({ body }) => create(labels, String(body.name)),
      "GET /labels": () => reply(200, { labels: [...labels.byId.values()], total: labels.byId.size }),
      "GET /labels/{id}": ({ parameters }) => {
        const found = labels.byId.get(parameters.id ?? "");
        return found ? reply(200, found) : reply(404);
      },
    },
    {
      "/labels": {
        post: operation([], { name: text }, { 201: shown, 409: undefined }),
        get: operation([], undefined, { 200: { total: integer } }),
      },
      "/labels/{id}": { get: operation(["id"], undefined, { 200: shown }) },
    },
  );
}
