import type { Client } from "./client.ts";

/** One call after the other, with all that may be asked of the API; returns what it answered. */
export async function conversation({ call, login }: Client): Promise<string[]> {
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

  await say("DELETE", `/coupons/${code}`);
  await say("DELETE", `/coupons/${code}`, undefined, other);
  for (let time = 1; time <= 2; time++) await say("DELETE", `/coupons/${code}`, undefined, one);
  await say("GET", `/coupons/${code}`, undefined, one);

  await say("POST", "/logout");
  await say("POST", "/logout", undefined, one);
  await say("POST", "/logout", undefined, one);
  await say("POST", "/profile/score", { score: 5 }, one);
  await say("POST", "/coupons", { value: 1 }, one);
  await say("GET", "/profile", undefined, two);
  await say("DELETE", "/profile", undefined, two);

  const kept = await say("POST", "/coupons", { value: 1 }, two);
  const three = (await say("POST", "/sessions", ada)).access_token;
  await say("DELETE", "/users/me");
  await say("DELETE", "/users/me", undefined, two);
  for (const token of [two, three]) await say("GET", "/profile", undefined, token);
  await say("DELETE", "/users/me", undefined, three);
  await say("POST", "/sessions", ada);
  await say("GET", `/coupons/${kept.code}`, undefined, other);
  await say("GET", "/profile", undefined, other);
  return said;
}
