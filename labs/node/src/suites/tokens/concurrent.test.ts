import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { type Client, client, PASSWORD } from "../../testing/client.ts";
import { labForTests } from "../../testing/lab.ts";
import { eventually } from "../../testing/traces.ts";

// Long enough for any machine to have all of a burst's requests inside of it at once.
const THINK = 400;
const lab = await labForTests({ think: THINK, suites: ["tokens"] });
afterAll(() => lab?.stop());
const racy = client(`${lab?.url}/racy`);
const guarded = client(`${lab?.url}/guarded`);
const times = <T>(count: number, what: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => what(index)));
const accepted = <Answer extends { status: number }>(answers: readonly Answer[]): Answer[] =>
  answers.filter(({ status }) => status < 300);

/** What a call did that was in the middle of its thinking when something that ends its right was acknowledged. */
interface Seen {
  readonly answer: number;
  /** How much of the effect was there when the end was acknowledged. */
  readonly acknowledged: unknown;
  /** How much of it there is in the end. */
  readonly after: unknown;
}

async function midway(
  act: () => Promise<{ status: number }>,
  end: () => Promise<unknown>,
  look: () => Promise<unknown>,
): Promise<Seen> {
  const slow = act();
  await sleep(THINK / 2);
  await end();
  const acknowledged = await look();
  const { status } = await slow;
  return { answer: status, acknowledged, after: await look() };
}

/** Where the machine is slow the end may come too early or too late: then again. */
const appearsLate = (trial: () => Promise<Seen>, before: unknown, effect: unknown) =>
  eventually(
    trial,
    ({ answer, acknowledged, after }) => answer === 200 && acknowledged === before && after === effect,
  );

async function neverLate(trial: () => Promise<Seen>): Promise<void> {
  const { acknowledged, after } = await trial();
  expect(after).toEqual(acknowledged);
}

describe.skipIf(!lab)("a refresh token presented ten times at once", () => {
  const successors = async ({ call, register }: Client) => {
    const { refresh_token } = await register();
    const answers = accepted(await times(10, () => call("POST", "/tokens/refresh", { refresh_token })));
    return answers.map(({ body }) => body);
  };
  const live = async ({ call }: Client, sessions: { access_token: string }[]) =>
    accepted(await Promise.all(sessions.map((one) => call("GET", "/profile", undefined, one.access_token))))
      .length;

  it("racy: has several successors, and all of them live", async () => {
    const all = await successors(racy);
    expect(all.length).toBeGreaterThan(1);
    expect(await live(racy, all)).toBe(all.length);
    const next = await Promise.all(
      all.map(({ refresh_token }) => racy.call("POST", "/tokens/refresh", { refresh_token })),
    );
    expect(accepted(next)).toHaveLength(all.length);
  });

  it("guarded: has one, which the others end", async () => {
    const all = await successors(guarded);
    expect(all).toHaveLength(1);
    expect(await live(guarded, all)).toBe(0);
    const { refresh_token } = all[0];
    expect((await guarded.call("POST", "/tokens/refresh", { refresh_token })).status).toBe(400);
  });
});

describe.skipIf(!lab)("a one-time code presented five times at once", () => {
  const sessions = async ({ call, register }: Client) => {
    const { username } = await register();
    const { id, code } = (await call("POST", "/codes", { username })).body;
    const answers = accepted(await times(5, () => call("POST", `/codes/${id}/redeem`, { code })));
    const looks = answers.map(({ body }) => call("GET", "/profile", undefined, body.access_token));
    return accepted(await Promise.all(looks)).length;
  };

  it("racy: opens several sessions", async () => expect(await sessions(racy)).toBeGreaterThan(1));
  it("guarded: opens one", async () => expect(await sessions(guarded)).toBe(1));
});

describe.skipIf(!lab)("points, under a token that is revoked or expires meanwhile", () => {
  const pointsOf = async ({ call }: Client, token: string) =>
    (await call("GET", "/profile", undefined, token)).body.points;

  const revocation = (half: Client) => async () => {
    const { username, access_token } = await half.register();
    const observer = await half.login(username);
    return midway(
      () => half.call("POST", "/profile/points", { points: 7 }, access_token),
      () => half.call("POST", "/logout", undefined, access_token),
      () => pointsOf(half, observer),
    );
  };

  const expiry = (half: Client) => async () => {
    const { username, access_token: observer } = await half.register();
    const session = await half.call("POST", "/sessions", { username, password: PASSWORD, ttl: 1 });
    const answered = performance.now();
    await sleep(1000 - THINK / 2);
    return midway(
      () => half.call("POST", "/profile/points", { points: 7 }, session.body.access_token),
      // By now it has expired: it was issued before it was answered.
      () => sleep(Math.max(0, answered + 1000 - performance.now())),
      () => pointsOf(half, observer),
    );
  };

  it("racy: appear after the log-out was acknowledged", () => appearsLate(revocation(racy), 0, 7));
  it("guarded: are there when it is, or never", () => neverLate(revocation(guarded)));
  it("racy: appear after the token has expired", () => appearsLate(expiry(racy), 0, 7));
  it("guarded: do not", () => neverLate(expiry(guarded)));
  it("guarded: the token of which too little is left is refused", async () => {
    await eventually(expiry(guarded), ({ answer, after }) => answer === 401 && after === 0);
  });
});

describe.skipIf(!lab)("stamps, added at once", () => {
  const stamps = async ({ call, login }: Client, tokens: number, calls: number) => {
    const username = `collector-${performance.now()}`;
    const all = await times(tokens, () => login(username));
    const add = (index: number) => call("POST", "/profile/stamps", { stamps: 1 }, all[index % tokens]);
    expect(accepted(await times(calls, add))).toHaveLength(calls);
    return (await call("GET", "/profile", undefined, all[0])).body.stamps;
  };

  it("racy: under one token all count", async () => expect(await stamps(racy, 1, 3)).toBe(3));
  it("racy: under two tokens of one user some are lost", async () => {
    expect(await stamps(racy, 2, 4)).toBeLessThan(4);
  });
  it("guarded: all count, whatever the tokens", async () => {
    expect(await stamps(guarded, 1, 8)).toBe(8);
    expect(await stamps(guarded, 2, 8)).toBe(8);
  });
  it("racy: a log-out waits, for the row of the token is locked", async () => {
    const { access_token, username } = await racy.register();
    const observer = await racy.login(username);
    await neverLate(() =>
      midway(
        () => racy.call("POST", "/profile/stamps", { stamps: 1 }, access_token),
        () => racy.call("POST", "/logout", undefined, access_token),
        async () => (await racy.call("GET", "/profile", undefined, observer)).body.stamps,
      ),
    );
  });
});

describe.skipIf(!lab)("a budget, raised by a manager who is demoted meanwhile", () => {
  const demotion = (half: Client) => async () => {
    const [admin, manager] = [await half.register(), await half.register()];
    const { call } = half;
    const { id } = (await call("POST", "/teams", { name: "engines" }, admin.access_token)).body;
    const role = (role: string) =>
      call("PUT", `/teams/${id}/members/${manager.id}/role`, { role }, admin.access_token);
    await role("manager");
    return midway(
      () => call("POST", `/teams/${id}/budget`, { amount: 10 }, manager.access_token),
      () => role("member"),
      async () => (await call("GET", `/teams/${id}`, undefined, admin.access_token)).body.budget,
    );
  };

  it("racy: rises after the demotion was acknowledged", () => appearsLate(demotion(racy), 0, 10));
  it("guarded: does not", () => neverLate(demotion(guarded)));

  it("guarded: a demotion among many raises comes through, and ends them", async () => {
    const [admin, manager] = [await guarded.register(), await guarded.register()];
    const { call } = guarded;
    const { id } = (await call("POST", "/teams", { name: "engines" }, admin.access_token)).body;
    const path = `/teams/${id}/members/${manager.id}/role`;
    await call("PUT", path, { role: "manager" }, admin.access_token);
    const budget = async () => (await call("GET", `/teams/${id}`, undefined, admin.access_token)).body.budget;
    const raises = times(12, async (index) => {
      await sleep(index * 40);
      return call("POST", `/teams/${id}/budget`, { amount: 1 }, manager.access_token);
    });
    await sleep(THINK + 200);
    await call("PUT", path, { role: "member" }, admin.access_token);
    const acknowledged = await budget();
    const done = accepted(await raises).length;
    expect(await budget()).toBe(acknowledged);
    expect(acknowledged).toBe(done);
  });
});

describe.skipIf(!lab)("a document, edited by an owner who gives it away meanwhile", () => {
  const gift = (half: Client) => async () => {
    const [giver, taker] = [await half.register(), await half.register()];
    const { call } = half;
    const document = { title: "Notes", content: "before" };
    const { id } = (await call("POST", "/documents", document, giver.access_token)).body;
    return midway(
      () => call("PATCH", `/documents/${id}`, { content: "late" }, giver.access_token),
      () => call("POST", `/documents/${id}/transfer`, { to: taker.id }, giver.access_token),
      async () => (await call("GET", `/documents/${id}`, undefined, taker.access_token)).body.content,
    );
  };

  it("racy: changes under its new owner", () => appearsLate(gift(racy), "before", "late"));
  it("guarded: does not", () => neverLate(gift(guarded)));
});

describe.skipIf(!lab)("a deposit, sent five times at once", () => {
  const balance = async ({ call, login }: Client, key: (index: number) => string) => {
    const token = await login();
    const answers = await times(5, (index) =>
      call("POST", "/deposits", { amount: 10 }, token, { "idempotency-key": key(index) }),
    );
    const profile = await call("GET", "/profile", undefined, token);
    return { statuses: answers.map(({ status }) => status), balance: profile.body.balance };
  };

  it("racy: counts more than once with one key", async () => {
    expect((await balance(racy, () => "same")).balance).toBeGreaterThan(10);
  });
  it("guarded: counts once, and the others are told that it is being worked on", async () => {
    const seen = await balance(guarded, () => "same");
    expect(seen.balance).toBe(10);
    expect(seen.statuses).toContain(201);
    expect(seen.statuses).toContain(409);
    expect(seen.statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
  });
  it("both: counts as often as there are keys", async () => {
    for (const half of [racy, guarded]) expect((await balance(half, String)).balance).toBe(50);
  });
});
