import { request } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import { client } from "./testing/client.ts";
import { labForTests } from "./testing/lab.ts";
import { eventually } from "./testing/traces.ts";

// Long enough for any machine to have all of a burst's requests inside of it at once.
const THINK = 400;
const lab = await labForTests({ think: THINK });
afterAll(() => lab?.stop());
const racy = client(`${lab?.url}/racy`);
const guarded = client(`${lab?.url}/guarded`);
const times = <T>(count: number, what: () => Promise<T>) => Promise.all(Array.from({ length: count }, what));

describe.skipIf(!lab)("many calls at once", () => {
  it("racy: additions to the score are lost", async () => {
    const token = await racy.login();
    const answers = await times(10, () => racy.call("POST", "/profile/score", { score: 5 }, token));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await racy.call("GET", "/profile", undefined, token)).body.score).toBeLessThan(50);
  });

  it("guarded: none is", async () => {
    const token = await guarded.login();
    const answers = await times(20, () => guarded.call("POST", "/profile/score", { score: 5 }, token));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await guarded.call("GET", "/profile", undefined, token)).body.score).toBe(100);
  });

  it.each([
    ["racy", racy],
    ["guarded", guarded],
  ])("%s: the balance counts the redemptions that were acknowledged", async (half, { call, login }) => {
    const token = await login();
    const { code } = (await call("POST", "/coupons", { value: 10 }, token)).body;
    const answers = await times(10, () => call("POST", `/coupons/${code}/redeem`, undefined, token));
    const redeemed = answers.filter(({ status }) => status === 201).length;
    expect((await call("GET", "/profile", undefined, token)).body.balance).toBe(10 * redeemed);
    if (half === "racy") expect(redeemed).toBeGreaterThan(1);
    else expect(redeemed).toBe(1);
  });

  /** A score in the middle of its thinking, a log-out, and the scores seen before and after the end. */
  async function revocation({ call, login }: typeof racy) {
    const [token, observer] = [await login("ada"), await login("ada")];
    const score = async () => (await call("GET", "/profile", undefined, observer)).body.score;
    const before = await score();
    const slow = call("POST", "/profile/score", { score: 7 }, token);
    await new Promise((resolve) => setTimeout(resolve, THINK / 2));
    const { status } = await call("POST", "/logout", undefined, token);
    const acknowledged = await score();
    const answer = await slow;
    const refused = await call("GET", "/profile", undefined, token);
    return {
      logout: status,
      before,
      acknowledged,
      answer: answer.status,
      after: await score(),
      refused: refused.status,
    };
  }

  it("guarded: a log-out waits for what is in flight, and nothing takes effect after it", async () => {
    const seen = await revocation(guarded);
    expect(seen).toMatchObject({ logout: 204, refused: 401 });
    expect(seen.acknowledged).toBe(seen.after);
    expect(seen.after - seen.before).toBe(seen.answer === 200 ? 7 : 0);
  });

  it("racy: the effect comes after the log-out was acknowledged", async () => {
    // Where the machine is slow the log-out may come too early or too late: then again.
    await eventually(
      () => revocation(racy),
      (seen) => seen.answer === 200 && seen.acknowledged === seen.before && seen.after === seen.before + 7,
    );
  });

  it.each([
    ["racy", racy],
    ["guarded", guarded],
  ])(
    "%s: a client that hangs up in the middle leaves all of its effect or none",
    async (half, { call, login }) => {
      const token = await login();
      const trial = async () => {
        const { code } = (await call("POST", "/coupons", { value: 10 }, token)).body;
        const before = (await call("GET", "/profile", undefined, token)).body.balance;
        const hungUp = request(`${lab!.url}/${half}/coupons/${code}/redeem`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}` },
        });
        hungUp.on("error", () => {});
        hungUp.end();
        await new Promise((resolve) => setTimeout(resolve, THINK / 2));
        hungUp.destroy();
        await new Promise((resolve) => setTimeout(resolve, THINK));
        const { redeemed } = (await call("GET", `/coupons/${code}`, undefined, token)).body;
        const { balance } = (await call("GET", "/profile", undefined, token)).body;
        return { code, redeemed, gained: balance - before };
      };
      // Where the machine is slow, the request may not have arrived before it was called off, or still be at work.
      const { code } = await eventually(trial, ({ redeemed, gained }) => redeemed && gained === 10);
      expect((await call("POST", `/coupons/${code}/redeem`, undefined, token)).status).toBe(409);
    },
  );
});
