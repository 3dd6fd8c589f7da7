import type { Answer } from "../../labs/django/src/client/http.ts";
import { newUser, post, type Side } from "../../labs/django/src/client/user.ts";

/** Every call that there is, good and bad, one after the other, and what came of it: secrets and names left out. */
export async function transcript(side: Side): Promise<string[]> {
  const lines: string[] = [];
  const [user, other] = [await newUser(side), await newUser(side)];
  const plain = (text: string) =>
    text
      .replaceAll(user.name, "<user>")
      .replaceAll(other.name, "<other>")
      .replaceAll(/"(id|from_account|to_account)":\d+/g, '"$1":<id>')
      .replaceAll(/"(code|token|access|refresh|access_token|refresh_token)":"[^"]+"/g, '"$1":"<secret>"');
  const note = (what: string, { status, body }: Answer) => {
    lines.push(
      plain(`${what.replaceAll(/\/(\d+|[0-9a-f]{16})\//g, "/<id>/")} → ${status} ${JSON.stringify(body)}`),
    );
  };
  const by = (who: typeof user) => async (method: string, path: string, body?: unknown) => {
    const answer = await who.call(method, path, body);
    note(`${method} ${path} ${JSON.stringify(body)}`, answer);
    return answer.body;
  };
  const [mine, theirs] = [by(user), by(other)];

  note("same name", await post(side, "register/", { username: user.name, password: "x" }));
  note("bad login", await post(side, "login/", { username: user.name, password: "wrong" }));
  await mine("GET", "profile/");
  await mine("POST", "score/", { score: 5 });
  await mine("POST", "score/", { score: -2 });
  await mine("POST", "score/", { score: "many" });
  await mine("POST", "score/", {});
  await mine("GET", "profile/");

  const { code } = await mine("POST", "coupons/", { value: 10 });
  await mine("POST", "coupons/", { value: 0 });
  if (side.half !== "unlocked") {
    await mine("POST", `coupons/${code}/redeem/`);
    await theirs("POST", `coupons/${code}/redeem/`);
    await mine("POST", "coupons/none/redeem/");
    await mine("GET", `coupons/${code}/`);
    await mine("GET", "profile/");
    await things(mine, theirs, [user.name, other.name]);
  }
  await mine("DELETE", `coupons/${code}/`);
  if (user.refresh !== undefined && side.half !== "unlocked") {
    const name = side.scheme === "jwt" ? "refresh" : "refresh_token";
    const rotate = async (token: string) => {
      const answer = await post(side, "refresh/", { [name]: token });
      note("rotate", answer);
      return answer.body[name];
    };
    const next = await rotate(user.refresh);
    await rotate(user.refresh);
    await rotate(next);
    await rotate("garbage");
  }
  await mine("POST", "logout/");
  await mine("POST", "score/", { score: 1 });
  await mine("POST", "logout/");
  await mine("GET", "profile/");
  await theirs("DELETE", "profile/");
  await theirs("GET", "profile/");
  return lines;
}

type Call = (method: string, path: string, body?: unknown) => Promise<{ id: number }>;

async function things(mine: Call, theirs: Call, [user, other]: readonly [string, string]): Promise<void> {
  const { id: source } = await mine("POST", "accounts/", { balance: 15 });
  const { id: target } = await theirs("POST", "accounts/", { balance: 0 });
  for (const call of [mine, mine, theirs])
    await call("POST", "transfers/", { from_account: source, to_account: target, amount: 10 });
  await mine("POST", "transfers/", { from_account: source, to_account: source, amount: 1 });
  await mine("GET", `accounts/${source}/`);
  await theirs("GET", `accounts/${target}/`);
  await mine("DELETE", `accounts/${source}/`);

  let invited = 0;
  for (const guest of ["a", "b", "c", "d"])
    invited = (await mine("POST", "invitations/", { guest })).id || invited;
  await mine("GET", "invitations/");
  await mine("DELETE", `invitations/${invited}/`);
  await mine("POST", "invitations/", { guest: "e" });

  const { id } = await mine("POST", "documents/", { text: "first" });
  await mine("PUT", `documents/${id}/`, { text: "second" });
  await mine("PUT", `documents/${id}/`, {});
  await theirs("PUT", `documents/${id}/`, { text: "third" });
  await mine("POST", `documents/${id}/owner/`, { owner: "nobody at all" });
  await mine("POST", `documents/${id}/owner/`, { owner: other });
  await mine("PUT", `documents/${id}/`, { text: "fourth" });
  await mine("GET", `documents/${id}/`);
  await theirs("GET", `documents/${id}/`);

  const { id: team } = await mine("POST", "teams/", { name: "team" });
  await theirs("GET", `teams/${team}/`);
  await mine("POST", `teams/${team}/members/`, { username: other, role: "reader" });
  await theirs("POST", `teams/${team}/notices/`, { text: "hello" });
  await mine("PUT", `teams/${team}/members/${other}/`, { role: "editor" });
  await theirs("POST", `teams/${team}/notices/`, { text: "hello" });
  await theirs("PUT", `teams/${team}/members/${other}/`, { role: "reader" });
  await mine("PUT", `teams/${team}/members/${user}/`, { role: "reader" });
  await mine("GET", `teams/${team}/`);
  await mine("DELETE", `teams/${team}/`);

  const { id: name } = await mine("POST", "names/", { name: `n-${user}` });
  await theirs("POST", "names/", { name: `n-${user}` });
  await mine("GET", "names/");
  await mine("DELETE", `names/${name}/`);
  await theirs("POST", "names/", { name: `n-${user}` });
}
