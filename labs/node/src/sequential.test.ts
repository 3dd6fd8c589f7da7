import { afterAll, describe, expect, it } from "vitest";
import { type Client, client } from "./testing/client.ts";
import { labForTests } from "./testing/lab.ts";

const lab = await labForTests({ think: 0 });
afterAll(() => lab?.stop());

/** One call after the other, with all that may be asked of the API; returns what it answered. */
async function conversation({ call, login }: Client): Promise<string[]> {
  const said: string[] = [];
  const say = async (method: string, path: string, body?: unknown, token?: string) => {
    const answer = await call(method, path, body, token);
    const challenge = answer.headers.get("www-authenticate");
    const type = answer.headers.get("content-type")?.split(";")[0];
    const { code, access_token, ...rest } = answer.body ?? {};
    said.push(
      [method, path.replace(/[\w-]{12}/, "CODE"), answer.status, type, challenge, JSON.stringify(rest)].join(
        " ",
      ),
    );
    return answer.body;
  };
  const ada = { username: "ada", password: "correct horse" };
  await say("POST", "/users", ada);
  await say("POST", "/users", ada);
  await say("POST", "/users", { username: "ada" });
  await say("POST", "/users", { ...ada, admin: true });
  await say("POST", "/sessions", { ...ada, password: "wrong horse" });
  await say("POST", "/sessions", { ...ada, username: "nobody" });
  const one = (await say("POST", "/sessions", ada)).access_token;
  const two = (await say("POST", "/sessions", ada)).access_token;
  const other = await login("grace");

  await say("GET", "/profile", undefined, one);
  await say("GET", "/profile");
  await say("GET", "/profile", undefined, "not-a-token");
  await say("POST", "/profile/score", { score: 5 }, one);
  await say("POST", "/profile/score", { score: 1000 }, two);
  for (const score of [0, 1001, 1.5, "5", null]) await say("POST", "/profile/score", { score }, one);
  await say("POST", "/profile/score", undefined, one);
  await say("POST", "/profile/score", { score: 0 });
  await say("GET", "/profile", undefined, two);

  for (const value of [0, 101]) await say("POST", "/coupons", { value }, one);
  const { code } = await say("POST", "/coupons", { value: 10 }, one);
  await say("GET", `/coupons/${code}`, undefined, other);
  await say("POST", `/coupons/${code}/redeem`);
  await say("POST", `/coupons/${code}/redeem`, undefined, other);
  await say("POST", `/coupons/${code}/redeem`, undefined, one);
  await say("GET", `/coupons/${code}`, undefined, one);
  await say("GET", "/profile", undefined, other);
  await say("GET", "/profile", undefined, one);
  for (const none of ["none", "%00", "a/b"]) {
    await say("GET", `/coupons/${none}`, undefined, one);
    await say("POST", `/coupons/${none}/redeem`, undefined, one);
  }

  await say("POST", "/logout");
  await say("POST", "/logout", undefined, one);
  await say("POST", "/logout", undefined, one);
  await say("POST", "/profile/score", { score: 5 }, one);
  await say("POST", "/coupons", { value: 1 }, one);
  await say("GET", "/profile", undefined, two);
  await say("DELETE", "/profile", undefined, two);
  return said;
}

describe.skipIf(!lab)("one call at a time", () => {
  it("both halves say the same, word for word", async () => {
    const racy = await conversation(client(`${lab!.url}/racy`));
    const guarded = await conversation(client(`${lab!.url}/guarded`));
    expect(guarded).toEqual(racy.map((line) => line.replaceAll("/racy", "/guarded")));
    expect(racy).toMatchSnapshot();
  });

  it("a token of one half is worth nothing on the other", async () => {
    const [racy, guarded] = [client(`${lab!.url}/racy`), client(`${lab!.url}/guarded`)];
    const [racyToken, guardedToken] = [await racy.login(), await guarded.login()];
    expect((await racy.call("GET", "/profile", undefined, guardedToken)).status).toBe(401);
    expect((await guarded.call("GET", "/profile", undefined, racyToken)).status).toBe(401);
    expect((await guarded.call("GET", "/profile", undefined, guardedToken)).status).toBe(200);
  });

  it("gives each log-in a token of its own", async () => {
    const { login } = client(`${lab!.url}/racy`);
    const [one, two] = [await login("someone"), await login("someone")];
    expect(one).toMatch(/^dhr_[\w-]{43}$/);
    expect(two).not.toBe(one);
  });
});
