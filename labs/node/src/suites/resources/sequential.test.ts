import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Chapter, chapterOf } from "../../testing/chapter.ts";
import type { ServedHalf } from "../../testing/half.ts";
import { postgresForTests } from "../../testing/postgres.ts";
import { type ResourceHalves, type ResourceName, serveResources } from "../../testing/resource-halves.ts";
import { RESOURCES } from "./things/index.ts";

const server = await postgresForTests();
let halves: ResourceHalves | undefined;

/** Which ids there are is nobody's promise: a refused INSERT uses one up. */
async function said(half: ServedHalf, chapter: Chapter): Promise<string[]> {
  const ids = new Map<string, string>();
  const named = (id: string) => ids.get(id) ?? ids.set(id, `#${ids.size + 1}`).get(id)!;
  const lines = await chapterOf(half, chapter);
  return lines.map((line) =>
    line
      .replace(/"(id|from|to|folder)":"(\d+)"/g, (_, key, id) => `"${key}":"${named(id)}"`)
      .replace(/\/(\d{1,17})(?=[/ ])/g, (_, id) => `/${named(id)}`),
  );
}

const CHAPTERS: Record<ResourceName, Chapter> = {
  async meters(say, { ada, bob }) {
    const { id } = (await say("POST", "/meters", { name: "hall" }, ada.token)).body;
    const add = (amount: unknown, token = ada.token) => say("POST", `/meters/${id}/add`, { amount }, token);
    for (const amount of [5, 7, 0, 101, "5"]) await add(amount);
    await add(5, bob.token);
    await say("POST", "/meters/999999/add", { amount: 1 }, ada.token);
    await say("POST", "/meters/none/add", { amount: 1 }, ada.token);
    await say("POST", `/meters/${id}/add`, { amount: 1 });
    for (const { token } of [ada, bob]) await say("GET", `/meters/${id}`, undefined, token);
  },

  async pages(say, { ada, bob }) {
    const { id } = (await say("POST", "/pages", { title: "one", body: "a" }, ada.token)).body;
    const save = (page: object, token = ada.token) => say("PUT", `/pages/${id}`, page, token);
    await save({ title: "two", body: "b" });
    await save({ title: "three", body: "" });
    await save({ title: "four" });
    await save({ title: "five", body: "c" }, bob.token);
    await say("GET", `/pages/${id}`, undefined, ada.token);
  },

  async contacts(say, { ada, bob }) {
    const { id } = (await say("POST", "/contacts", { name: "Grace", phone: "1" }, ada.token)).body;
    const change = (changes: object, token = ada.token) => say("PATCH", `/contacts/${id}`, changes, token);
    for (const changes of [{ city: "Rome" }, { phone: null, email: "g" }, {}, { name: null }, { x: "y" }])
      await change(changes);
    await change({ city: "Paris" }, bob.token);
    await say("GET", `/contacts/${id}`, undefined, ada.token);
  },

  async articles(say, { ada, bob }) {
    const made = await say("POST", "/articles", { text: "one" }, ada.token);
    const path = `/articles/${made.body.id}`;
    const first = made.headers.get("etag")!;
    const replace = (text: string, tag?: string, token = ada.token) =>
      say("PUT", path, { text }, token, tag === undefined ? {} : { "if-match": tag });
    await replace("two");
    const second = (await replace("two", first)).headers.get("etag")!;
    await replace("three", first);
    expect((await say("GET", path, undefined, ada.token)).headers.get("etag")).toBe(second);
    await replace("four", `"x", ${second}`);
    await replace("five", "*");
    await replace("six", "*", bob.token);
    await say("GET", path, undefined, ada.token);
  },

  async vouchers(say, { ada, bob }) {
    const { id } = (await say("POST", "/vouchers", { value: 10 }, ada.token)).body;
    for (const { token } of [bob, bob, ada]) await say("POST", `/vouchers/${id}/use`, undefined, token);
    await say("POST", "/vouchers/999999/use", undefined, ada.token);
    for (const { token } of [bob, ada]) {
      await say("GET", `/vouchers/${id}`, undefined, token);
      await say("GET", "/profile", undefined, token);
    }
  },

  async events(say, { ada, bob }) {
    const { id } = (await say("POST", "/events", { places: 2 }, ada.token)).body;
    for (const { token } of [bob, bob, ada]) await say("POST", `/events/${id}/join`, undefined, token);
    await say("GET", `/events/${id}`, undefined, bob.token);
  },

  async reports(say, { ada, bob }) {
    for (let time = 0; time < 4; time++) await say("POST", "/reports", { title: "x" }, ada.token);
    await say("POST", "/reports", { title: "x" }, bob.token);
    await say("POST", "/reports", { title: "" }, bob.token);
    for (const { token } of [ada, bob]) await say("GET", "/usage", undefined, token);
  },

  async invitations(say, { ada, bob }) {
    for (const seats of [1, 2]) {
      const { id } = (await say("POST", "/invitations", { seats }, ada.token)).body;
      for (const { token } of [bob, bob, ada])
        await say("POST", `/invitations/${id}/accept`, undefined, token);
      await say("GET", `/invitations/${id}`, undefined, bob.token);
    }
  },

  async products(say, { ada, bob }) {
    const { id } = (await say("POST", "/products", { stock: 5 }, ada.token)).body;
    const take = (verb: string, quantity: number, token = ada.token) =>
      say("POST", `/products/${id}/${verb}`, { quantity }, token);
    await take("reserve", 2);
    await take("buy", 2, bob.token);
    await take("buy", 2);
    await take("reserve", 2, bob.token);
    await take("reserve", 1);
    await take("buy", 1);
    await take("buy", 0);
    await say("GET", `/products/${id}`, undefined, bob.token);
  },

  async channels(say, { ada, bob }) {
    for (const slug of ["engines", "engines", "looms", "a b"])
      await say("POST", "/channels", { slug }, ada.token);
    await say("POST", "/channels", { slug: "engines" }, bob.token);
    for (const { token } of [ada, bob]) await say("GET", "/channels", undefined, token);
  },

  async tags(say, { ada, bob }) {
    for (const name of ["engines", "engines", "looms", "A"]) await say("POST", "/tags", { name }, ada.token);
    await say("POST", "/tags", { name: "engines" }, bob.token);
    for (const { token } of [ada, bob]) await say("GET", "/tags", undefined, token);
  },

  async wallets(say, { ada, bob }) {
    const open = async (balance: number, token = ada.token) =>
      (await say("POST", "/wallets", { balance }, token)).body.id;
    const [one, two, his] = [await open(100), await open(50), await open(100, bob.token)];
    const transfer = (from: string, to: string, amount: number, token = ada.token) =>
      say("POST", "/transfers", { from, to, amount }, token);
    await transfer(one, two, 30);
    await transfer(two, one, 80);
    await transfer(two, one, 1);
    await transfer(one, one, 1);
    await transfer(one, his, 1);
    await transfer(his, one, 1);
    await transfer(one, "999999", 1);
    await transfer(one, two, 0);
    for (const id of [one, two]) await say("GET", `/wallets/${id}`, undefined, ada.token);
  },

  async budgets(say, { ada, bob }) {
    const { id } = (await say("POST", "/budgets", { cash: 10, card: 20 }, ada.token)).body;
    const spend = (part: string, amount: number, token = ada.token) =>
      say("POST", `/budgets/${id}/${part}`, { amount }, token);
    await spend("cash", 25);
    await spend("card", 6);
    await spend("card", 5, bob.token);
    await spend("card", 5);
    await spend("cash", 1);
    await say("GET", `/budgets/${id}`, undefined, ada.token);
  },

  async plans(say, { ada, bob }) {
    const { id } = (await say("POST", "/plans", { name: "engines" }, ada.token)).body;
    const share = (name: string, percent: number, token = ada.token) =>
      say("PUT", `/plans/${id}/shares/${name}`, { percent }, token);
    await say("GET", `/plans/${id}`, undefined, ada.token);
    await share("ada", 60);
    await share("bob", 41);
    await share("bob", 40);
    await share("ada", 61);
    await share("ada", 10);
    await share("bob", 90, bob.token);
    await say("GET", `/plans/${id}`, undefined, ada.token);
  },

  async folders(say, { ada, bob }) {
    const { id } = (await say("POST", "/folders", { name: "engines" }, ada.token)).body;
    const write = (token: string) => say("POST", `/folders/${id}/notes`, { text: "x" }, token);
    const note = (await write(ada.token)).body;
    await write(bob.token);
    for (const path of [`/folders/${id}`, `/notes/${note.id}`]) await say("GET", path, undefined, ada.token);
    for (const { token } of [bob, ada, ada]) await say("DELETE", `/folders/${id}`, undefined, token);
    for (const path of [`/folders/${id}`, `/notes/${note.id}`]) await say("GET", path, undefined, ada.token);
    await write(ada.token);
  },

  async campaigns(say, { ada, bob }) {
    const { id } = (await say("POST", "/campaigns", { title: "engines" }, ada.token)).body;
    const give = (amount: number, token = ada.token) =>
      say("POST", `/campaigns/${id}/donations`, { amount }, token);
    await give(10);
    await give(5);
    await give(5, bob.token);
    for (const { token } of [bob, ada]) await say("DELETE", `/campaigns/${id}`, undefined, token);
    await give(1);
    await say("GET", `/campaigns/${id}`, undefined, ada.token);
    await say("GET", "/donations", undefined, ada.token);
  },

  async payments(say, { ada, bob }) {
    const pay = (amount: number, key: string | undefined, token = ada.token) =>
      say("POST", "/payments", { amount }, token, key === undefined ? {} : { "idempotency-key": key });
    await pay(10, "one");
    await pay(10, "one");
    await pay(20, "one");
    await pay(10, undefined);
    await pay(10, "one", bob.token);
    for (let time = 0; time < 9; time++) await pay(100, `more-${time}`);
    await pay(100, "failed");
    await say("POST", "/credit", { amount: 10 }, ada.token);
    await pay(100, "failed");
    await pay(100, "failed");
    for (const { token } of [ada, bob]) await say("GET", "/credit", undefined, token);
  },
};

describe.skipIf(!server)("one call at a time, both halves say the same", () => {
  beforeAll(async () => {
    halves = await serveResources(server!.url);
  });
  afterAll(async () => {
    await halves?.stop();
    await server?.stop();
  });

  it.each(Object.entries(CHAPTERS))("%s, in whatever way the guarded one is right", async (name, chapter) => {
    const expected = await said(halves!.racy, chapter);
    expect(expected).toMatchSnapshot();
    const { ways } = RESOURCES[name as ResourceName];
    const others = await Promise.all(ways.map((way) => said(halves!.guarded[way], chapter)));
    for (const other of others) expect(other).toEqual(expected);
  });
});
