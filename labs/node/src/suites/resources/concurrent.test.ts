import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServedHalf } from "../../testing/half.ts";
import { burst, endedAtLast, endedFirst, type Midway } from "../../testing/midway.ts";
import { postgresForTests } from "../../testing/postgres.ts";
import { type ResourceHalves, type ResourceName, serveResources } from "../../testing/resource-halves.ts";
import { RESOURCES } from "./things/index.ts";
import type { WayName } from "./ways/index.ts";

const server = await postgresForTests();
let halves: ResourceHalves | undefined;

/** Calls that are in the middle of their thinking together, and what can be seen afterwards. */
interface Race {
  /** `held`: how many of the calls think before the first may go on. */
  run(half: ServedHalf, held: number): Promise<unknown>;
  readonly racy: unknown;
  readonly right: unknown;
  /** Ways in which the second call does not even come to think while the first does. */
  readonly turnedAway?: WayName;
}

/** Two tokens, of one user or of two. */
const two = async ({ login }: ServedHalf) => [await login(), await login()] as const;
const statusesOf = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

const RACES: Record<string, Race & { of: ResourceName }> = {
  "two additions": {
    of: "meters",
    async run({ gate, call, login }, held) {
      const token = await login();
      const { id } = (await call("POST", "/meters", { name: "x" }, token)).body;
      await burst(gate, 2, (n) => call("POST", `/meters/${id}/add`, { amount: 5 + n }, token), held);
      const { reading } = (await call("GET", `/meters/${id}`, undefined, token)).body;
      return reading === 11 ? "both" : "one of them";
    },
    racy: "one of them",
    right: "both",
  },
  "a page that is saved twice": {
    of: "pages",
    async run({ gate, call, login }, held) {
      const token = await login();
      const { id } = (await call("POST", "/pages", { title: "x", body: "x" }, token)).body;
      const save = (n: number) => call("PUT", `/pages/${id}`, { title: `${n}`, body: `${n}` }, token);
      await burst(gate, 2, save, held);
      return (await call("GET", `/pages/${id}`, undefined, token)).body.revision;
    },
    racy: 2,
    right: 3,
  },
  "two fields of a contact": {
    of: "contacts",
    async run({ gate, call, login }, held) {
      const token = await login();
      const { id } = (await call("POST", "/contacts", { name: "x" }, token)).body;
      const changes = [{ phone: "1" }, { city: "Rome" }];
      await burst(gate, 2, (n) => call("PATCH", `/contacts/${id}`, changes[n], token), held);
      return Object.keys((await call("GET", `/contacts/${id}`, undefined, token)).body).length;
    },
    racy: 3,
    right: 4,
  },
  "an edition that two have seen": {
    of: "articles",
    async run({ gate, call, login }, held) {
      const token = await login();
      const made = await call("POST", "/articles", { text: "x" }, token);
      const seen = { "if-match": made.headers.get("etag")! };
      const replace = (n: number) => call("PUT", `/articles/${made.body.id}`, { text: `${n}` }, token, seen);
      return statusesOf(await burst(gate, 2, replace, held));
    },
    racy: [200, 200],
    right: [200, 412],
  },
  "a voucher, used by two": {
    of: "vouchers",
    async run(half, held) {
      const { gate, call } = half;
      const tokens = await two(half);
      const { id } = (await call("POST", "/vouchers", { value: 10 }, tokens[0])).body;
      await burst(gate, 2, (n) => call("POST", `/vouchers/${id}/use`, undefined, tokens[n]), held);
      const profiles = await Promise.all(tokens.map((token) => call("GET", "/profile", undefined, token)));
      return profiles.reduce((sum, { body }) => sum + body.balance, 0);
    },
    racy: 20,
    right: 10,
  },
  "the last place": {
    of: "events",
    async run(half, held) {
      const { gate, call } = half;
      const tokens = await two(half);
      const { id } = (await call("POST", "/events", { places: 2 }, tokens[0])).body;
      await call("POST", `/events/${id}/join`, undefined, tokens[0]);
      await burst(gate, 2, (n) => call("POST", `/events/${id}/join`, undefined, tokens[n]), held);
      return (await call("GET", `/events/${id}`, undefined, tokens[0])).body.taken;
    },
    racy: 3,
    right: 2,
  },
  "the last report of a quota": {
    of: "reports",
    async run({ gate, call, login }, held) {
      const token = await login();
      const report = () => call("POST", "/reports", { title: "x" }, token);
      for (let time = 0; time < 2; time++) await report();
      await burst(gate, 2, report, held);
      return (await call("GET", "/usage", undefined, token)).body.reports;
    },
    racy: 4,
    right: 3,
  },
  "the last seat, for two": {
    of: "invitations",
    async run(half, held) {
      const { gate, call } = half;
      const tokens = await two(half);
      const { id } = (await call("POST", "/invitations", { seats: 1 }, tokens[0])).body;
      await burst(gate, 2, (n) => call("POST", `/invitations/${id}/accept`, undefined, tokens[n]), held);
      return (await call("GET", `/invitations/${id}`, undefined, tokens[0])).body.guests;
    },
    racy: 2,
    right: 1,
  },
  "two seats, for one": {
    of: "invitations",
    async run({ gate, call, login }, held) {
      const token = await login();
      const { id } = (await call("POST", "/invitations", { seats: 5 }, token)).body;
      await burst(gate, 2, () => call("POST", `/invitations/${id}/accept`, undefined, token), held);
      return (await call("GET", `/invitations/${id}`, undefined, token)).body.guests;
    },
    racy: 2,
    right: 1,
  },
  "one in stock, reserved and bought": {
    of: "products",
    async run(half, held) {
      const { gate, call } = half;
      const tokens = await two(half);
      const { id } = (await call("POST", "/products", { stock: 1 }, tokens[0])).body;
      const take = (n: number) =>
        call("POST", `/products/${id}/${n ? "reserve" : "buy"}`, { quantity: 1 }, tokens[n]);
      await burst(gate, 2, take, held);
      const { reserved, sold } = (await call("GET", `/products/${id}`, undefined, tokens[0])).body;
      return reserved + sold;
    },
    racy: 2,
    right: 1,
  },
  "a name that two want": {
    of: "channels",
    async run(half, held) {
      const { gate, call } = half;
      const tokens = await two(half);
      const slug = `channel-${tokens[0].slice(-9).toLowerCase().replaceAll("_", "-")}`;
      return statusesOf(await burst(gate, 2, (n) => call("POST", "/channels", { slug }, tokens[n]), held));
    },
    racy: [201, 201],
    right: [201, 409],
  },
  "a tag, made where there is none": {
    of: "tags",
    async run({ gate, call, login }, held) {
      const token = await login();
      const answers = await burst(gate, 2, () => call("POST", "/tags", { name: "engines" }, token), held);
      return [new Set(answers.map(({ body }) => body.id)).size, ...statusesOf(answers)];
    },
    racy: [2, 201, 201],
    right: [1, 200, 201],
  },
  "transfers there and back": {
    of: "wallets",
    async run({ gate, call, login }, held) {
      const token = await login();
      const open = async () => (await call("POST", "/wallets", { balance: 100 }, token)).body.id;
      const [a, b] = [await open(), await open()];
      const transfers = [
        { from: a, to: b, amount: 10 },
        { from: b, to: a, amount: 30 },
      ];
      await burst(gate, 2, (n) => call("POST", "/transfers", transfers[n], token), held);
      const looks = [a, b].map((id) => call("GET", `/wallets/${id}`, undefined, token));
      const [first, second] = (await Promise.all(looks)).map(({ body }) => body.balance);
      return first === 120 && second === 80 ? "both" : "not both";
    },
    racy: "not both",
    right: "both",
  },
  "the rest of a budget, from either pot": {
    of: "budgets",
    async run({ gate, call, login }, held) {
      const token = await login();
      const { id } = (await call("POST", "/budgets", { cash: 5, card: 5 }, token)).body;
      const spend = (n: number) =>
        call("POST", `/budgets/${id}/${n ? "cash" : "card"}`, { amount: 10 }, token);
      await burst(gate, 2, spend, held);
      const { cash, card } = (await call("GET", `/budgets/${id}`, undefined, token)).body;
      return cash + card;
    },
    racy: -10,
    right: 0,
  },
  "two shares of more than the whole": {
    of: "plans",
    async run({ gate, call, login }, held) {
      const token = await login();
      const { id } = (await call("POST", "/plans", { name: "x" }, token)).body;
      const set = (n: number) => call("PUT", `/plans/${id}/shares/share-${n}`, { percent: 60 }, token);
      await burst(gate, 2, set, held);
      return (await call("GET", `/plans/${id}`, undefined, token)).body.total;
    },
    racy: 120,
    right: 60,
  },
  "a payment that is sent twice": {
    of: "payments",
    async run({ gate, call, login }, held) {
      const token = await login();
      const pay = () => call("POST", "/payments", { amount: 10 }, token, { "idempotency-key": "one" });
      await burst(gate, 2, pay, held);
      return (await call("GET", "/credit", undefined, token)).body.spent;
    },
    racy: 20,
    right: 10,
    turnedAway: "constraint",
  },
  "two payments with one key": {
    of: "payments",
    async run({ gate, call, login }, held) {
      const token = await login();
      const pay = (n: number) =>
        call("POST", "/payments", { amount: n + 1 }, token, { "idempotency-key": "one" });
      await burst(gate, 2, pay, held);
      return (await call("GET", "/credit", undefined, token)).body.spent === 3 ? "both" : "one of them";
    },
    racy: "both",
    right: "one of them",
    turnedAway: "constraint",
  },
};

async function noteInFolder({ gate, call, login }: ServedHalf): Promise<Midway> {
  const token = await login();
  const { id } = (await call("POST", "/folders", { name: "x" }, token)).body;
  const probe = (await call("POST", `/folders/${id}/notes`, { text: "x" }, token)).body.id;
  let note = "";
  return {
    gate,
    async act() {
      const answer = await call("POST", `/folders/${id}/notes`, { text: "x" }, token);
      note = answer.body.id;
      return answer;
    },
    end: () => call("DELETE", `/folders/${id}`, undefined, token),
    async look() {
      const there = await Promise.all(
        [probe, note].map((one) => call("GET", `/notes/${one || "0"}`, undefined, token)),
      );
      return there.filter(({ status }) => status === 200).length;
    },
  };
}

async function donation({ gate, call, login }: ServedHalf): Promise<Midway> {
  const token = await login();
  const { id } = (await call("POST", "/campaigns", { title: "x" }, token)).body;
  return {
    gate,
    act: () => call("POST", `/campaigns/${id}/donations`, { amount: 10 }, token),
    end: () => call("DELETE", `/campaigns/${id}`, undefined, token),
    look: async () => (await call("GET", "/donations", undefined, token)).body.total,
  };
}

const REMOVALS: Record<string, { of: ResourceName; begin(half: ServedHalf): Promise<Midway>; late: number }> =
  {
    "a note in a folder that is deleted": { of: "folders", begin: noteInFolder, late: 1 },
    "a donation to a campaign that is closed": { of: "campaigns", begin: donation, late: 10 },
  };

describe.skipIf(!server)(
  "the racy twins race, and the guarded ones do not, whichever way they are right:",
  () => {
    beforeAll(async () => {
      halves = await serveResources(server!.url);
    });
    afterAll(async () => {
      await halves?.stop();
      await server?.stop();
    });

    describe.each(Object.entries(RACES))("%s", (_name, { of, run, racy, right, turnedAway }) => {
      it("racy", async () => expect(await run(halves!.racy, 2)).toEqual(racy));
      it.each(RESOURCES[of].ways)("%s", async (way) => {
        expect(await run(halves!.guarded[way], way === turnedAway ? 1 : 2)).toEqual(right);
      });
    });

    describe.each(Object.entries(REMOVALS))("%s", (_name, { of, begin, late }) => {
      it("racy", async () => {
        const seen = await endedFirst(await begin(halves!.racy));
        expect(seen).toEqual({ answer: 201, acknowledged: 0, after: late });
      });
      it.each(RESOURCES[of].ways)("%s", async (way) => {
        const { acknowledged, after } = await endedAtLast(await begin(halves!.guarded[way]));
        expect(after).toEqual(acknowledged);
      });
    });

    it.each(RESOURCES.meters.ways)("twelve at once are not too many: %s", async (way) => {
      const { call, login } = halves!.guarded[way];
      const token = await login();
      const { id } = (await call("POST", "/meters", { name: "x" }, token)).body;
      const add = () => call("POST", `/meters/${id}/add`, { amount: 1 }, token);
      const answers = await Promise.all(Array.from({ length: 12 }, add));
      expect(new Set(statusesOf(answers))).toEqual(new Set([200]));
      expect((await call("GET", `/meters/${id}`, undefined, token)).body.reading).toBe(12);
    });
  },
);
