import { lookup } from "node:dns/promises";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { diagnose } from "../../packages/deadheat/src/engine/doctor.ts";
import { resolveTarget } from "../../packages/deadheat/src/race/target.ts";
import { run } from "../support/command.ts";
import { type AccountsTarget, accountsDocument, accountsTarget, answer, body } from "../targets/accounts.ts";
import { newToken, type Reply, secrets, serve } from "../targets/api.ts";
import { configured, withConfig } from "../targets/configured.ts";
import { Players, pointsDocument, pointsRoutes } from "../targets/points.ts";
import { lines, optionsFor, scanned } from "../targets/scanned.ts";
import { loginTarget } from "../targets/sign-in.ts";

vi.mock("node:dns/promises", () => ({ lookup: vi.fn() }));
const asked = vi.mocked(lookup) as unknown as ReturnType<typeof vi.fn>;
const loopback = [{ address: "127.0.0.1", family: 4 }];
const elsewhere = [{ address: "192.0.2.7", family: 4 }];

beforeEach(() => {
  asked.mockReset();
  asked.mockResolvedValue(loopback);
});

/** One account with a token, and a config that brings it. */
async function withToken(target: AccountsTarget) {
  const alice = target.accounts.add("alice", "Pw-of-alice-1");
  const token = alice ? target.accounts.issue(alice) : "";
  return { yaml: "principals: { alice: { token: { env: ALICE } } }", env: { ALICE: token } };
}

const nobody = { allow: [] };
const outcome = (url: string, authorization: Parameters<typeof resolveTarget>[1] = nobody) =>
  resolveTarget(url, authorization).then(
    ({ address }) => address,
    (error) => error.code,
  );

describe("addresses", () => {
  it.each([
    ["http://127.1", "127.0.0.1"],
    ["http://2130706433", "127.0.0.1"],
    ["http://0177.0.0.1", "127.0.0.1"],
    ["http://0x7f.1", "127.0.0.1"],
    ["http://127.000.000.001", "127.0.0.1"],
    ["http://１２７.０.０.１", "127.0.0.1"],
    ["http://127。0。0。1", "127.0.0.1"],
    ["http://[::1]", "::1"],
    ["http://[0:0:0:0:0:0:0:1]", "::1"],
    ["http://[::ffff:127.0.0.1]", "::ffff:7f00:1"],
    ["http:\\\\127.0.0.1", "127.0.0.1"],
  ])("%s is this machine", async (url, address) => {
    expect(await outcome(url)).toBe(address);
    expect(asked).not.toHaveBeenCalled();
  });

  it.each([
    "http://0.0.0.0",
    "http://0",
    "http://[::]",
    "http://[::ffff:10.0.0.1]",
    "http://[::ffff:0.0.0.0]",
    // IPv4-compatible and NAT64 addresses lead to routers, not here (RFC 4291 §2.5.5.1, RFC 6052).
    "http://[::127.0.0.1]",
    "http://[64:ff9b::7f00:1]",
    "http://[fe80::1]",
    "http://169.254.169.254",
    "http://126.255.255.255",
    "http://128.0.0.1",
    "http://192.0.2.1",
  ])("%s is not", async (url) => {
    expect(await outcome(url)).toBe("target-not-allowed");
  });

  it.each([
    "http://[fe80::1%25lo]",
    "http://[::1%25lo]",
    "http://256.0.0.1",
    "http://127.0.0.1.1.1",
    "http://127.0.0.1@192.0.2.1",
    "http://user@127.0.0.1",
    "http://user:pw@127.0.0.1",
    "ftp://127.0.0.1",
    "file:///etc/hosts",
    "http://127.0.0.1/?token=abc",
    "http://127.0.0.1/#abc",
    "127.0.0.1:80",
    "",
  ])("%s is no target", async (url) => {
    expect(await outcome(url)).toBe("target-invalid");
  });

  it.each(["http://localhost.", "http://localhost.evil.example", "http://127.0.0.1.evil.example"])(
    "%s is a name like any other",
    async (url) => {
      asked.mockResolvedValue(elsewhere);
      expect(await outcome(url)).toBe("target-not-allowed");
      asked.mockResolvedValue([...loopback, ...elsewhere]);
      expect(await outcome(url)).toBe("target-not-allowed");
      asked.mockResolvedValue([]);
      expect(await outcome(url)).toBe("target-unreachable");
    },
  );

  it("permission is for an exact origin, and needs a statement", async () => {
    const statement = "my own machine";
    const allow = (origin: string) => outcome("http://192.0.2.7:8080", { allow: [origin], statement });
    expect(await allow("http://192.0.2.7:8080")).toBe("192.0.2.7");
    for (const near of [
      "http://192.0.2.7",
      "https://192.0.2.7:8080",
      "http://192.0.2.7:8080/",
      "http://192.0.2.7:80800",
      "192.0.2.7:8080",
      "*",
    ])
      expect(await allow(near), near).toBe("target-not-allowed");
    const allowed = { allow: ["http://192.0.2.7:8080"] };
    expect(await outcome("http://192.0.2.7:8080", allowed)).toBe("target-not-allowed");
  });

  it("no message repeats what stands behind a question mark or before an @", async () => {
    for (const url of [
      "127.0.0.1:80?key=Xk2s",
      "ftp://u:Xk2s@h/",
      "http://u:Xk2s@h/",
      "http://h/?key=Xk2s",
    ]) {
      const error = await resolveTarget(url, nobody).catch((one) => one);
      expect(`${error.message} ${error.hint}`).not.toContain("Xk2s");
    }
  });
});

describe("a name", () => {
  it("is resolved once, whatever it says later", async () => {
    const target = await accountsTarget();
    const { yaml, env } = await withToken(target);
    // Not even the system knows this name: whoever asks again fails.
    const url = target.url.replace("127.0.0.1", "api.deadheat.invalid");
    asked.mockResolvedValueOnce(loopback).mockResolvedValue(elsewhere);
    const { outcomes } = await configured({ ...target, url }, yaml, { env });
    await target.stop();
    expect(outcomes).toContain("lost-update POST /points: proven");
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("of a recipe's is resolved once, too", async () => {
    const target = await loginTarget();
    const url = target.url.replace("127.0.0.1", "sign-in.deadheat.invalid");
    asked.mockResolvedValueOnce(loopback).mockResolvedValue(elsewhere);
    const login = `{ request: "POST ${url}/enter", json: { username: alice, password: "\${env:PW}" }, token: $.token }`;
    const { outcomes } = await configured(target, `principals: { alice: { login: ${login} } }`, {
      env: { PW: "Pw-of-alice-1" },
    });
    await target.stop();
    expect(outcomes).toContain("lost-update POST /points: proven");
    expect(asked).toHaveBeenCalledTimes(1);
  });
});

describe("a recipe that leads to another origin needs the permission of a target there", () => {
  const user = `json: { username: alice, password: "\${env:PW}" }, token: $.token`;
  const recipes: [string, string][] = [
    ["login", `alice: { login: { request: POST http://api.test/enter, ${user} } }`],
    [
      "register",
      `alice: { register: { request: POST http://api.test/join, json: {} }, login: { request: POST /enter, ${user} } }`,
    ],
    [
      "whoami",
      `alice: { login: { request: POST /enter, ${user} }, whoami: { request: GET http://api.test/me, name: $.a, is: b } }`,
    ],
    [
      "a token endpoint",
      "alice: { oauth2: { grant: client_credentials, tokenUrl: http://api.test/t, clientId: a, clientSecret: { env: PW } } }",
    ],
  ];

  it.each(recipes)("%s", async (_name, principal) => {
    const target = await loginTarget();
    asked.mockImplementation(async (name: string) => (name === "api.test" ? elsewhere : loopback));
    const scan = configured(target, `principals: { ${principal} }`, { env: { PW: "Pw-of-alice-1" } });
    await expect(scan).rejects.toMatchObject({ code: "target-not-allowed" });
    await target.stop();
  });
});

describe("redirects to another origin are not followed", () => {
  it.each(["/signup", "/signin", "/me", "/points", "/signout"])("%s", async (path) => {
    let visits = 0;
    const other = await serve({}, {}, async () => {
      visits++;
      return { status: 200, body: { points: 1, token: newToken() } };
    });
    const away: Reply = { status: 307, headers: { location: `${other.url}${path}` } };
    const target = await serve(pointsRoutes(new Players()), pointsDocument(), async (call, handle) =>
      call.path === path ? away : handle(),
    );
    const { report } = await scanned(target, { trials: 4 });
    await target.stop();
    await other.stop();
    expect(visits).toBe(0);
    expect(report.findings).toEqual([]);
    for (const line of lines(report).filter((one) => one.includes("race POST /points")))
      expect(line).toMatch(/inconclusive/);
  });
});

describe("a path in --target", () => {
  it("is refused where the document's paths do not begin with it, and does no harm where they do", async () => {
    const plain = await accountsTarget();
    const below = await accountsTarget({
      document: { ...accountsDocument(), servers: [{ url: "/api/" }] },
    });
    const scan = (target: AccountsTarget, path: string) =>
      scanned({ ...target, url: `${target.url}${path}` }, { trials: 1 });
    await expect(scan(plain, "/api")).rejects.toMatchObject({
      code: "target-invalid",
      message: expect.stringMatching(
        /\/api: the document's paths do not begin with \/api \(the first is \/me\)/,
      ),
    });
    expect(plain.calls).toEqual([]);
    await scan(plain, "/");
    await scan(below, "/api/");
    expect(below.calls.length).toBeGreaterThan(0);
    expect(below.calls.every((one) => one.includes(" /api/"))).toBe(true);
    await plain.stop();
    await below.stop();
  });
});

describe("what is called", () => {
  const guarded = [{ tokenAuth: [] }];
  const done = { 200: answer({ points: { type: "integer" } }) };
  const remove = { security: guarded, responses: { 204: { description: "Gone." } } };
  const byId = [{ name: "id", in: "path", required: true, schema: { type: "string" } }];

  it("nothing that may move money or send a message, by a scan, the doctor, a replay and the clean-up", async () => {
    const risky = (summary: string, more: object = {}) => ({
      post: { summary, security: guarded, responses: { 201: answer({ id: { type: "string" } }) }, ...more },
    });
    const target = await accountsTarget({
      document: accountsDocument(undefined, {
        "/checkout": risky("Pay for the cart"),
        "/invoices": risky("Make one", { operationId: "createInvoice" }),
        "/invoices/{id}/settle": { ...risky("Settle it"), parameters: byId },
        "/invoices/{id}": { delete: { ...remove, parameters: byId } },
        "/friends/invite": risky("Ask a friend in"),
        "/sms": { delete: { ...remove, summary: "Stop SMS" } },
        "/login/mail": { post: { summary: "Mail a link", responses: { 200: answer({}) } } },
      }),
    });
    const { yaml, env } = await withToken(target);
    await withConfig(yaml, { env, trials: 4 }, async (configuration) => {
      const { report, events } = await scanned(target, configuration);
      expect(JSON.stringify(events)).toMatch(
        /POST \/checkout is left out: it may move money: needs --opt-in/,
      );
      const { omitted } = await diagnose(optionsFor(target, configuration), Date.now);
      expect(omitted.map(({ operation }) => operation.path)).toContain("/friends/invite");
      const { weakness, operation, evidence } = report.findings[0] as (typeof report.findings)[number];
      const schedule = evidence.find((one) => one.kind === "runtime" && one.form === "history")?.schedule;
      if (!schedule) throw new Error("nothing to run again");
      await scanned(target, { ...configuration, only: { weakness, operation, schedule } });
    });
    expect(new Set(target.calls)).toEqual(new Set(["GET /me", "POST /points"]));
    await target.stop();
  });

  it("no DELETE of anything that was there before, though it needs nothing but a token", async () => {
    const target = await loginTarget({
      "/me": {
        get: { security: guarded, responses: done },
        delete: remove,
      },
      "/points": {
        post: {
          security: guarded,
          requestBody: body({ points: { type: "integer", minimum: 1 } }),
          responses: done,
        },
        delete: remove,
      },
      "/tokens": { delete: remove },
    });
    const login = `{ request: POST /enter, json: { username: alice, password: "\${env:PW}" }, token: $.token }`;
    const { outcomes } = await configured(target, `principals: { alice: { login: ${login} } }`, {
      env: { PW: "Pw-of-alice-1" },
    });
    await target.stop();
    expect(outcomes).toContain("lost-update POST /points: proven");
    expect(target.calls.filter((one) => one.startsWith("DELETE"))).toEqual([]);
  });
});

describe("no token and no password", () => {
  it("is in anything that is printed or written, whatever the API repeats", async () => {
    secrets.clear();
    const target = await loginTarget(
      {},
      // An API that is fond of repeating what it was told, in headers and bodies.
      ({ token, body: sent, headers }, reply) => ({
        ...reply,
        body: { ...(reply.body as object), echo: [token, sent, headers.authorization], last: token },
        headers: { location: `/sessions/${token}`, "set-cookie": `token=${token}`, "x-echo": token },
      }),
    );
    writeFileSync(
      join(folder, "echo.yaml"),
      `principals:
  alice:
    login: { request: POST /enter, json: { username: alice, password: "\${env:PW}" }, token: $.token }`,
    );
    const flags = ["--config", "echo.yaml", "--target", target.url];
    const options = { env: { PW: "Pw-of-alice-1" }, cwd: folder };
    const texts: string[] = [];
    const told = async (args: readonly string[], code: number) => {
      const { stdout, stderr, code: actual } = await run(args, options);
      texts.push(stdout, stderr);
      expect(actual, stderr).toBe(code);
    };
    await told(["scan", target.document, ...flags, "--trials", "4", "--output", "echo"], 1);
    target.accounts.byName.delete("alice");
    await told(["scan", target.document, ...flags, "--debug"], 2);
    await target.stop();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" }))
      if (entry.isFile()) texts.push(readFileSync(join(entry.parentPath, entry.name), "utf8"));
    const everything = texts.join("\n");
    expect(secrets.size).toBeGreaterThan(3);
    expect([...secrets].filter((secret) => everything.includes(secret))).toEqual([]);
  });
});

const folder = mkdtempSync(join(tmpdir(), "deadheat-safety-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
