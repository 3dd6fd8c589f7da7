import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { Servers } from "../testing/servers.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { Renewals } from "./credentials/index.ts";
import { Pacing } from "./pacing.ts";
import { Session } from "./session.ts";
import { present, type Token } from "./token.ts";

const servers = new Servers();
afterEach(() => servers.close());

it("a call that waits for its turn leaves under a token that is valid when it leaves", async () => {
  const seen: string[] = [];
  const target = await servers.listen(
    createServer((request, answer) => {
      const { authorization = "" } = request.headers;
      if (authorization !== "") seen.push(authorization);
      // The first answer asks to be left alone for longer than a token lives.
      if (authorization === "") answer.writeHead(429, { "retry-after": "6" });
      answer.end("{}");
    }),
  );
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const renewals = new Renewals(clock);
  const session = new Session({
    target,
    clock,
    signal,
    renewals,
    budget: { limit: 9, spent: 0 },
    timeoutMs: 5000,
    pacing: new Pacing({ clock, signal }),
  });
  let issued = 0;
  const login = async (): Promise<Token> => {
    const one = present(`t${++issued}`, { header: "authorization", keyword: "Bearer" });
    const token = { ...one, expires: clock.now() + 4000 };
    renewals.keep(token, login);
    return token;
  };
  const call = async () => {
    const { headers } = await login();
    await session.send({ method: "GET", path: "/", headers: {} });
    await session.send({ method: "GET", path: "/", headers });
    return clock.now();
  };
  expect(await clock.run(call())).toBe(6000);
  expect(seen).toEqual(["Bearer t2"]);
  await session.close();
});
