import { afterAll, describe, expect, it } from "vitest";
import { client } from "./testing/client.ts";
import { conversation } from "./testing/conversation.ts";
import { labForTests } from "./testing/lab.ts";

const lab = await labForTests({ think: 0 });
afterAll(() => lab?.stop());

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
    expect(one).toMatch(/^dhr_[0-9A-Za-z]{49}$/);
    expect(two).not.toBe(one);
  });
});
