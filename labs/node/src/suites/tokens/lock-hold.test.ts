import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import http2 from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { type Client, client } from "../../testing/client.ts";
import { labForTests } from "../../testing/lab.ts";
import { eventually } from "../../testing/traces.ts";

const CONNECTIONS = 4;
const lab = await labForTests({ think: 0, suites: ["tokens"], connections: CONNECTIONS });
afterAll(() => lab?.stop());
const BODY = JSON.stringify({ about: "patient" });

/** All of a request but the end of its body; the server has its head when this returns. */
async function begin(half: string, token: string, answered = (_: number) => {}): Promise<ClientRequest> {
  const slow = request(`${lab!.url}/${half}/profile/about`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(BODY),
    },
  });
  slow.on("error", () => {});
  slow.on("response", (response) => answered(response.resume().statusCode!));
  slow.write(BODY.slice(0, 5));
  await sleep(200);
  return slow;
}

async function finish(slow: ClientRequest): Promise<number> {
  const answered = once(slow, "response");
  slow.end(BODY.slice(5));
  return (await answered)[0].statusCode;
}

async function logoutDuring(half: string): Promise<{ waited: boolean; slow: number; about: string }> {
  const { call, register, login } = client(`${lab!.url}/${half}`);
  const { username, access_token } = await register();
  const observer = await login(username);
  const slow = await begin(half, access_token);
  const logout = call("POST", "/logout", undefined, access_token);
  const waited = (await Promise.race([logout, sleep(500)])) === undefined;
  const status = await finish(slow);
  expect((await logout).status).toBe(204);
  const { about } = (await call("GET", "/profile", undefined, observer)).body;
  return { waited, slow: status, about };
}

describe.skipIf(!lab)("a body that comes slowly", () => {
  it("racy: keeps a log-out waiting for as long", async () => {
    expect(await logoutDuring("racy")).toEqual({ waited: true, slow: 200, about: "patient" });
  });

  it("guarded: keeps nobody waiting, and comes too late", async () => {
    expect(await logoutDuring("guarded")).toEqual({ waited: false, slow: 401, about: "" });
  });

  it("racy: over HTTP/2 as well", async () => {
    const { call, login } = client(`${lab!.url}/racy`);
    const token = await login();
    const session = http2.connect(lab!.url);
    const stream = session.request({
      ":method": "PUT",
      ":path": "/racy/profile/about",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    });
    stream.write(BODY.slice(0, 5));
    await sleep(200);
    const logout = call("POST", "/logout", undefined, token);
    expect(await Promise.race([logout, sleep(300)])).toBeUndefined();
    stream.end(BODY.slice(5));
    const [headers] = await once(stream, "response");
    expect(headers[":status"]).toBe(200);
    expect((await logout).status).toBe(204);
    session.destroy();
  });

  const ends: [string, (slow: ClientRequest, half: Client) => Promise<void>][] = [
    ["hangs up", async (slow) => void slow.destroy()],
    ["sends nonsense", async (slow) => void slow.end("!".repeat(Buffer.byteLength(BODY) - 5))],
  ];
  it.each(ends)("racy: from a client that %s, frees the token and the connection", async (_how, leave) => {
    const half = client(`${lab!.url}/racy`);
    const token = await half.login();
    for (let time = 0; time < 2 * CONNECTIONS; time++) {
      const slow = await begin("racy", token);
      await leave(slow, half);
      if (!slow.closed) await new Promise((resolve) => slow.once("close", resolve));
    }
    const calls = Array.from({ length: CONNECTIONS }, () => half.call("GET", "/profile", undefined, token));
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 200));
    expect((await half.call("POST", "/logout", undefined, token)).status).toBe(204);
  });

  it("racy: with a token that is not valid is refused before it is there", async () => {
    const answers: number[] = [];
    const slow = await begin("racy", "not-a-token", (status) => answers.push(status));
    await eventually(
      () => answers,
      (all) => all.length === 1,
    );
    expect(answers).toEqual([401]);
    slow.destroy();
  });
});
