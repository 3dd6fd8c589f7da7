import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { present, type Token } from "../token.ts";
import { Renewals } from "./renewals.ts";

const BEARER = { header: "authorization", keyword: "Bearer" };
const under = ({ headers }: Token) => ({ method: "GET", path: "/me", headers });

/** An API whose tokens are the second in which they were issued, and end as many seconds later as they live. */
function inWholeSeconds(lifeMs: number) {
  const clock = new VirtualClock();
  const renewals = new Renewals(clock);
  const ends = new Map<string, number>();
  const issue = async (): Promise<Token> => {
    const second = Math.floor(clock.now() / 1000);
    const token = present(`t${second}`, BEARER);
    ends.set(`Bearer ${token.value}`, second * 1000 + lifeMs);
    // It is reckoned from when it was answered: up to a second too late.
    return { ...token, expires: clock.now() + lifeMs };
  };
  const login = async () => {
    const token = await issue();
    renewals.keep(token, login);
    return token;
  };
  const isValid = async (token: Token) => {
    const { headers } = await renewals.current(under(token));
    return clock.now() < (ends.get(headers.authorization ?? "") ?? 0);
  };
  return { clock, renewals, issue, login, isValid };
}

describe("tokens that end", () => {
  it.each([2000, 3000, 4000, 15_000])("are renewed while they are valid: after %d ms", async (lifeMs) => {
    const { clock, login, isValid } = inWholeSeconds(lifeMs);
    const asked = async () => {
      await clock.sleep(990);
      const token = await login();
      for (let at = 0; at < 300; at++) {
        expect(await isValid(token), `${at}`).toBe(true);
        await clock.sleep(97);
      }
    };
    await clock.run(asked());
  });

  it("are left to end where they are to, though another was issued in the same second", async () => {
    const { clock, renewals, issue, login, isValid } = inWholeSeconds(4000);
    const asked = async () => {
      await clock.sleep(300);
      const lasting = await login();
      const token = (await renewals.leave(issue)) as Token;
      expect(token.value).not.toBe(lasting.value);
      // And where another is issued later, in the same second as that one.
      await login();
      await clock.sleep(5000);
      return { left: await isValid(token), kept: await isValid(lasting) };
    };
    expect(await clock.run(asked())).toEqual({ left: false, kept: true });
  });

  it("are not asked for again and again where the same text is given each time", async () => {
    const { clock, renewals } = inWholeSeconds(4000);
    let asked = 0;
    const same = async () => {
      asked++;
      return { ...present("same", BEARER), expires: clock.now() + 4000 };
    };
    renewals.keep(await same(), same);
    expect(await clock.run(renewals.leave(same))).toMatchObject({ value: "same" });
    expect(asked).toBe(4);
  });

  it("tell how long the shortest of them lives", async () => {
    const { renewals, login } = inWholeSeconds(4000);
    expect(renewals.shortestMs).toBe(Number.POSITIVE_INFINITY);
    await login();
    expect(renewals.shortestMs).toBe(4000);
  });
});
