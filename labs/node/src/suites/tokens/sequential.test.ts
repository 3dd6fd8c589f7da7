import { afterAll, describe, expect, it } from "vitest";
import { type Chapter, chapterOf } from "../../testing/chapter.ts";
import { client, PASSWORD } from "../../testing/client.ts";
import { labForTests } from "../../testing/lab.ts";

const lab = await labForTests({ think: 0, suites: ["tokens"], connections: 5 });
afterAll(() => lab?.stop());

const CHAPTERS: Record<string, Chapter> = {
  async refresh(say, { ada }) {
    const profile = (token: string) => say("GET", "/profile", undefined, token);
    const refresh = async (refresh_token: string) =>
      (await say("POST", "/tokens/refresh", { refresh_token })).body;
    const next = await refresh(ada.refresh_token);
    for (const token of [ada.token, next.access_token]) await profile(token);
    const third = await refresh(next.refresh_token);
    await refresh(ada.refresh_token);
    await refresh(third.refresh_token);
    for (const token of [ada.token, next.access_token, third.access_token]) await profile(token);
    await refresh("dhf_unknown");
    await say("POST", "/tokens/refresh", {});
    const again = (await say("POST", "/sessions", { username: "ada", password: PASSWORD })).body;
    await profile(again.access_token);
    await say("POST", "/logout", undefined, again.access_token);
    await profile(again.access_token);
    await refresh(again.refresh_token);
    const last = (await say("POST", "/sessions", { username: "ada", password: PASSWORD })).body;
    await say("DELETE", "/users/me", undefined, last.access_token);
    await refresh(last.refresh_token);
    await profile(last.access_token);
  },

  async codes(say, { ada }) {
    const ask = async (username: string) => (await say("POST", "/codes", { username })).body;
    const redeem = async (id: string, code: string) =>
      (await say("POST", `/codes/${id}/redeem`, { code })).body;
    const wrong = (code: string) => code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    const { id, code } = await ask("ada");
    await redeem(id, wrong(code));
    const { access_token } = await redeem(id, code);
    await redeem(id, code);
    await say("GET", "/profile", undefined, access_token);
    const guessed = await ask("ada");
    for (let time = 0; time < 5; time++) await redeem(guessed.id, wrong(guessed.code));
    await redeem(guessed.id, guessed.code);
    const nobody = await ask("nobody");
    await redeem(nobody.id, nobody.code);
    await redeem("00000000-0000-4000-8000-000000000000", "123456");
    await redeem("none", "123456");
    await redeem(id, "12345");
    const left = await ask("ada");
    await say("DELETE", "/users/me", undefined, ada.token);
    await redeem(left.id, left.code);
  },

  async profile(say, { ada, bob }) {
    await say("POST", "/profile/points", { points: 5 }, ada.token);
    await say("POST", "/profile/stamps", { stamps: 3 }, ada.token);
    await say("POST", "/profile/stamps", { stamps: 4 }, ada.token);
    await say("PUT", "/profile/about", { about: "counts engines" }, ada.token);
    await say("POST", "/profile/score", { score: 2 }, ada.token);
    for (const { token } of [ada, bob]) await say("GET", "/profile", undefined, token);
    for (const [method, path] of [
      ["POST", "points"],
      ["POST", "stamps"],
      ["PUT", "about"],
    ] as const) {
      await say(method, `/profile/${path}`, {}, ada.token);
      await say(method, `/profile/${path}`, { [path]: path === "about" ? "x" : 1 }, "not-a-token");
      await say(method, `/profile/${path}`, {});
    }
    await say("GET", "/profile", undefined, ada.token);
  },

  async teams(say, { ada, bob }) {
    await say("POST", "/teams", { name: "" }, ada.token);
    const { id } = (await say("POST", "/teams", { name: "engines" }, ada.token)).body;
    const budget = (token: string, amount = 10) => say("POST", `/teams/${id}/budget`, { amount }, token);
    const role = (user: string, role: string, token = ada.token) =>
      say("PUT", `/teams/${id}/members/${user}/role`, { role }, token);
    const look = (token: string) => say("GET", `/teams/${id}`, undefined, token);
    await look(bob.token);
    await budget(bob.token);
    await role(bob.id, "member", bob.token);
    await role(bob.id, "member");
    await look(bob.token);
    await budget(bob.token);
    await role(bob.id, "manager", bob.token);
    await role(bob.id, "manager");
    await budget(bob.token);
    await budget(ada.token);
    await look(bob.token);
    await role(bob.id, "member");
    await budget(bob.token);
    await role(bob.id, "admin");
    await role(ada.id, "member");
    await role("999", "member");
    await budget(ada.token, 0);
    await look(ada.token);
    for (const none of ["999", "none"]) {
      await say("GET", `/teams/${none}`, undefined, ada.token);
      await say("POST", `/teams/${none}/budget`, { amount: 1 }, ada.token);
      await say("PUT", `/teams/${none}/members/${bob.id}/role`, { role: "member" }, ada.token);
    }
    await say("DELETE", "/users/me", undefined, ada.token);
    await look(bob.token);
  },

  async documents(say, { ada, bob }) {
    const made = await say("POST", "/documents", { title: "Notes", content: "G" }, ada.token);
    const path = `/documents/${made.body.id}`;
    const transfer = (to: string, token: string) => say("POST", `${path}/transfer`, { to }, token);
    await say("GET", path, undefined, ada.token);
    await say("GET", path, undefined, bob.token);
    await say("PATCH", path, { content: "mine" }, bob.token);
    await transfer(bob.id, bob.token);
    await say("PATCH", path, { content: "hers" }, ada.token);
    await transfer("999", ada.token);
    await transfer("none", ada.token);
    await transfer(bob.id, ada.token);
    await transfer(bob.id, ada.token);
    await transfer("999", ada.token);
    await say("GET", path, undefined, ada.token);
    await say("PATCH", path, { content: "still hers" }, ada.token);
    await say("GET", path, undefined, bob.token);
    await say("POST", "/documents", { title: "", content: "" }, ada.token);
    for (const none of ["999", "none"]) await say("GET", `/documents/${none}`, undefined, ada.token);
  },

  async deposits(say, { ada, bob }) {
    const deposit = (amount: number, key: string | undefined, token: string) =>
      say("POST", "/deposits", { amount }, token, key === undefined ? {} : { "idempotency-key": key });
    await deposit(10, "one", ada.token);
    await deposit(10, "one", ada.token);
    await deposit(20, "one", ada.token);
    await deposit(20, "two", ada.token);
    await deposit(10, "one", bob.token);
    await deposit(10, undefined, ada.token);
    await deposit(10, "", ada.token);
    await deposit(10, "x".repeat(256), ada.token);
    await deposit(0, "three", ada.token);
    for (const { token } of [ada, bob]) await say("GET", "/profile", undefined, token);
  },

  async "JSON Web Tokens"(say, { bob }) {
    const credentials = { username: "ada", password: PASSWORD };
    await say("POST", "/jwt/sessions", { ...credentials, password: "wrong horse" });
    await say("POST", "/jwt/sessions", { ...credentials, ttl: 3601 });
    const { access_token } = (await say("POST", "/jwt/sessions", { ...credentials, ttl: 60 })).body;
    await say("POST", "/jwt/profile/score", { score: 4 }, access_token);
    await say("GET", "/jwt/profile", undefined, access_token);
    await say("GET", "/profile", undefined, access_token);
    for (const token of [bob.token, `${access_token.slice(0, -4)}AAAA`, "a.b.c", undefined]) {
      await say("GET", "/jwt/profile", undefined, token);
    }
    await say("POST", "/jwt/profile/score", { score: 0 }, access_token);
    await say("POST", "/jwt/logout", undefined, access_token);
  },
};

describe.skipIf(!lab)("one call at a time, both halves say the same", () => {
  it.each(Object.entries(CHAPTERS))("%s", async (_name, chapter) => {
    const racy = await chapterOf(client(`${lab!.url}/racy`), chapter);
    const guarded = await chapterOf(client(`${lab!.url}/guarded`), chapter);
    expect(guarded).toEqual(racy);
    expect(racy).toMatchSnapshot();
  });

  it("answers with the lifetime that was asked for", async () => {
    for (const half of ["racy", "guarded"]) {
      const { call, register } = client(`${lab!.url}/${half}`);
      const { username } = await register();
      for (const path of ["/sessions", "/jwt/sessions"]) {
        const session = await call("POST", path, { username, password: PASSWORD, ttl: 7 });
        expect(session.body.expires_in).toBe(7);
      }
      expect((await call("POST", "/sessions", { username, password: PASSWORD, ttl: 0 })).status).toBe(400);
    }
  });
});
