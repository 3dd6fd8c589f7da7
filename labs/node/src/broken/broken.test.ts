import { afterAll, describe, expect, it } from "vitest";
import { guardedLayers } from "../layers.ts";
import { conversation } from "../testing/conversation.ts";
import { type ServedHalf, serveHalf } from "../testing/half.ts";
import { burst, endedAtLast, endedFirst, type Midway } from "../testing/midway.ts";
import { postgresForTests } from "../testing/postgres.ts";
import { BREAKS, type BreakName } from "./index.ts";

const server = await postgresForTests();
afterAll(() => server?.stop());

/** A log-out while a score is being added. */
async function revocation({ gate, call, login }: ServedHalf): Promise<Midway> {
  const [token, observer] = [await login("ada"), await login("ada")];
  return {
    gate,
    act: () => call("POST", "/profile/score", { score: 7 }, token),
    end: () => call("POST", "/logout", undefined, token),
    look: async () => (await call("GET", "/profile", undefined, observer)).body.score,
  };
}

async function scoreOfFive({ gate, call, login }: ServedHalf): Promise<number> {
  const token = await login();
  await burst(gate, 5, () => call("POST", "/profile/score", { score: 1 }, token));
  return (await call("GET", "/profile", undefined, token)).body.score;
}

async function redemptionsOfOne({ gate, call, login }: ServedHalf): Promise<number> {
  const token = await login();
  const { code } = (await call("POST", "/coupons", { value: 1 }, token)).body;
  await burst(gate, 5, () => call("POST", `/coupons/${code}/redeem`, undefined, token));
  return (await call("GET", "/profile", undefined, token)).body.balance;
}

async function nothingIsLate(half: ServedHalf): Promise<void> {
  const { answer, acknowledged, after } = await endedAtLast(await revocation(half));
  expect({ answer, acknowledged, after }).toEqual({ answer: 200, acknowledged: 7, after: 7 });
}

describe.skipIf(!server)("the guarded half with a mistake in it", () => {
  const start = async (name: BreakName | undefined, work: (half: ServedHalf) => Promise<void>) => {
    const where = { url: server!.url, schema: name ?? "right" };
    const half = await serveHalf(where, (one) => guardedLayers(one, name));
    await work(half).finally(half.stop);
  };
  let right: string[] = [];
  const names = Object.keys(BREAKS) as BreakName[];
  const ofEndpoints = ["score-read-modify-write", "redeem-check-then-act"];

  it("nothing is wrong where there is none", () =>
    start(undefined, async (half) => {
      right = await conversation(half);
      await nothingIsLate(half);
      expect(await scoreOfFive(half)).toBe(5);
      expect(await redemptionsOfOne(half)).toBe(1);
    }));

  it.each(names.filter((name) => !ofEndpoints.includes(name)))(
    "%s: the effect comes after the log-out was acknowledged, and nothing else is wrong",
    (name) =>
      start(name, async (half) => {
        expect(await conversation(half)).toEqual(right);
        const seen = await endedFirst(await revocation(half));
        expect(seen).toEqual({ answer: 200, acknowledged: 0, after: 7 });
        expect(await scoreOfFive(half)).toBe(5);
        expect(await redemptionsOfOne(half)).toBe(1);
      }),
  );

  it("score-read-modify-write: additions are lost, and nothing else is wrong", () =>
    start("score-read-modify-write", async (half) => {
      expect(await conversation(half)).toEqual(right);
      expect(await scoreOfFive(half)).toBe(1);
      expect(await redemptionsOfOne(half)).toBe(1);
      await nothingIsLate(half);
    }));

  it("redeem-check-then-act: a coupon is redeemed more than once, and nothing else is wrong", () =>
    start("redeem-check-then-act", async (half) => {
      expect(await conversation(half)).toEqual(right);
      expect(await redemptionsOfOne(half)).toBe(5);
      expect(await scoreOfFive(half)).toBe(5);
      await nothingIsLate(half);
    }));
});
