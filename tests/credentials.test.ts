import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "./support/command.ts";
import { freePort } from "./support/port.ts";
import { type AccountsTarget, accountsTarget, credential } from "./targets/accounts.ts";
import { newToken, secrets } from "./targets/api.ts";
import { configured } from "./targets/configured.ts";
import { couponTarget } from "./targets/coupons.ts";
import { mailingTarget } from "./targets/mailing.ts";
import { oauth2Target } from "./targets/oauth2.ts";
import { scanned } from "./targets/scanned.ts";
import {
  briefTarget,
  drfTarget,
  headerTarget,
  lockingTarget,
  loginTarget,
  rotatingTarget,
} from "./targets/sign-in.ts";

const PROVEN = "lost-update POST /points: proven";
const PASSWORD = "Pw-of-alice-1";

/** The race is proven, and nothing that went in came out again. */
async function proves(
  target: AccountsTarget,
  yaml: string,
  options: Parameters<typeof configured>[2] = {},
): Promise<readonly string[]> {
  try {
    const { outcomes, told } = await configured(target, yaml, options);
    expect(outcomes).toContain(PROVEN);
    for (const secret of [...secrets, ...Object.values(options.env ?? {})])
      expect(told.includes(secret)).toBe(false);
    return outcomes;
  } finally {
    await target.stop();
  }
}

/** An API without any way to sign in, and a token for it. */
async function tokenTarget(): Promise<{ target: AccountsTarget; token: string }> {
  const target = await accountsTarget();
  const alice = target.accounts.add("alice", PASSWORD);
  return { target, token: alice ? target.accounts.issue(alice) : "" };
}

describe.concurrent("a token that is supplied", () => {
  it("from the environment", async () => {
    const { target, token } = await tokenTarget();
    await proves(target, "principals: { alice: { token: { env: ALICE } } }", { env: { ALICE: token } });
  });

  it("from a file", async () => {
    const { target, token } = await tokenTarget();
    await proves(target, "principals: { alice: { token: { file: alice.token } } }", {
      files: { "alice.token": `${token}\n` },
    });
  });

  it("from a command, asked again when the token has ended", async () => {
    // Each token serves so many requests: time would tell two machines apart.
    let used = 0;
    const target = await accountsTarget({
      racy: false,
      identify: (accounts) => (call) => {
        const token = credential(call) ?? "";
        const account = accounts.holder(token);
        if (account && ++used % 60 === 0) accounts.issued.delete(token);
        return account;
      },
      routes: (accounts) => ({
        "GET /new-token": () => {
          const alice = accounts.byName.get("alice")?.account;
          return { status: 200, body: { token: alice ? accounts.issue(alice) : "" } };
        },
      }),
    });
    target.accounts.add("alice", PASSWORD);
    const script = `fetch("${target.url}/new-token").then((a) => a.json()).then((b) => console.log(b.token))`;
    const command = JSON.stringify([process.execPath, "-e", script]);
    const yaml = `principals: { alice: { token: { command: ${command} } } }`;
    const { outcomes } = await configured(target, yaml, { trials: 20 });
    await target.stop();
    expect(outcomes).toContain("lost-update POST /points: not-observed");
    expect(target.calls.filter((one) => one === "GET /new-token").length).toBeGreaterThan(1);
  });

  it("with characters that RFC 6750 does not know", async () => {
    const { target, token } = await tokenTarget();
    const odd = `7|${token}`;
    const issued = target.accounts.issued.get(token);
    if (issued) target.accounts.issued.set(odd, issued);
    await proves(target, "principals: { alice: { token: { env: ALICE } } }", { env: { ALICE: odd } });
  });

  it("as a key in a header of its own", async () => {
    const target = await headerTarget("key");
    const service = target.accounts.add("service", PASSWORD);
    const key = service ? target.accounts.issue(service) : "";
    await proves(target, "principals: { service: { token: { env: KEY } } }", { env: { KEY: key } });
  });

  it("beside a header that every call needs", async () => {
    const target = await headerTarget("beside");
    const alice = target.accounts.add("alice", PASSWORD);
    const token = alice ? target.accounts.issue(alice) : "";
    const yaml = `principals: { alice: { token: { env: ALICE }, headers: { X-Tenant: "\${env:TENANT}" } } }`;
    await proves(target, yaml, { env: { ALICE: token, TENANT: "north" } });
  });
});

describe.concurrent("tokens that end while the scan runs", () => {
  it("a login that says how long they live", async () => {
    const target = await briefTarget(4000, "answer");
    target.accounts.add("alice", PASSWORD);
    const outcomes = await proves(
      target,
      `principals:
  alice:
    login:
      request: POST /enter
      json: { user: alice, secret: "\${env:PW}" }
      token: $.data.jwt
      expiresIn: $.data.ttl`,
      { env: { PW: PASSWORD }, trials: 16 },
    );
    expect(outcomes).toContain("revocation-race POST /points: proven");
    expect(outcomes.filter((one) => /inconclusive|unfit/.test(one))).toEqual([]);
  });

  it("a JSON Web Token that says it itself", async () => {
    const target = await briefTarget(4000, "token");
    target.accounts.add("alice", PASSWORD);
    const outcomes = await proves(
      target,
      `principals:
  alice:
    login: { request: POST /enter, json: { user: alice, secret: "\${env:PW}" }, token: $.data.jwt }`,
      { env: { PW: PASSWORD }, trials: 16 },
    );
    expect(outcomes.filter((one) => /inconclusive|unfit/.test(one))).toEqual([]);
    // It is replaced in time, not after it was refused.
    expect(target.accounts.expired).toBe(0);
  });

  it("refresh tokens that are replaced at each use", async () => {
    const target = await rotatingTarget(4000);
    await proves(
      target,
      `principals:
  alice:
    login:
      request: POST /enter
      json: { username: alice, password: "\${env:PW}" }
      token: $.access_token
      refreshToken: $.refresh_token
      expiresIn: $.expires_in
    refresh:
      request: POST /renew
      json: { refresh_token: "\${refresh_token}" }
      token: $.access_token
      refreshToken: $.refresh_token
      expiresIn: $.expires_in`,
      { env: { PW: PASSWORD } },
    );
    expect(target.rotation.refreshes).toBeGreaterThan(0);
    expect(target.rotation.reused).toBe(0);
  });

  it("one refresh token of a user that cannot sign in otherwise", async () => {
    const target = await rotatingTarget(4000);
    await proves(
      target,
      `principals:
  alice:
    variables: { refresh_token: { env: REFRESH } }
    login:
      request: POST /renew
      json: { refresh_token: "\${refresh_token}" }
      token: $.access_token
      refreshToken: $.refresh_token
      expiresIn: $.expires_in`,
      { env: { REFRESH: target.first } },
    );
    expect(target.rotation).toMatchObject({ logins: 0, reused: 0 });
  });
});

describe.concurrent("OAuth 2.0", () => {
  const basic = { id: "dead heat", secret: "s:e%c r&t", authentication: "basic" } as const;
  const inBody = { ...basic, authentication: "body" } as const;
  const alice = `username: alice, password: { env: PW }`;
  const env = { CLIENT_SECRET: basic.secret, PW: "Pw of älice & co" };

  it.each([
    ["password", basic, `grant: password, ${alice}, scope: read write`],
    ["password", inBody, `grant: password, ${alice}, clientAuthentication: body`],
    ["client_credentials", basic, "grant: client_credentials"],
    ["client_credentials", inBody, "grant: client_credentials, clientAuthentication: body"],
    ["refresh_token", basic, "grant: refresh_token, refreshToken: { env: REFRESH }"],
  ] as const)("the grant %s, %j", async (grant, client, words) => {
    const { api, issuer, refresh, stop } = await oauth2Target(client);
    const at = "tokenUrl: /o/token/, clientId: dead heat, clientSecret: { env: CLIENT_SECRET }";
    const secret = { ...env, REFRESH: refresh };
    await proves(api, `principals: { one: { oauth2: { ${words}, ${at} } } }`, { env: secret });
    expect(issuer.forms.map((form) => form.grant_type)).toContain(grant);
    await stop();
  });

  it("a token endpoint on another origin of this machine", async () => {
    const { api, issuer, stop } = await oauth2Target(basic);
    const at = `tokenUrl: "${issuer.url}/o/token/", clientId: dead heat, clientSecret: { env: CLIENT_SECRET }`;
    await proves(api, `principals: { one: { oauth2: { grant: client_credentials, ${at} } } }`, { env });
    expect(api.calls).not.toContain("POST /o/token/");
    expect(issuer.forms.length).toBeGreaterThan(0);
    await stop();
  });
});

describe.concurrent("tokens of Django REST framework", () => {
  const SPECTACULAR = {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: 'Token-based authentication with required prefix "Token"',
  };

  it.each([
    ["as drf-spectacular writes them", SPECTACULAR],
    ["without the word for the prefix", { ...SPECTACULAR, description: "" }],
    ["as a scheme of HTTP", { type: "http", scheme: "Token" }],
    ["as a bearer token, which they are not", { type: "http", scheme: "bearer" }],
  ])("%s, from the document alone and by a recipe", async (name, scheme) => {
    const learned = await drfTarget(scheme);
    const configuredOne = await drfTarget(scheme);
    configuredOne.accounts.add("alice", PASSWORD);
    const yaml = `principals:
  alice:
    keyword: Token
    login: { request: POST /api-token-auth/, json: { username: alice, password: "\${env:PW}" }, token: $.token }`;
    await proves(configuredOne, yaml, { env: { PW: PASSWORD } });
    if (name.startsWith("as a bearer")) return learned.stop();
    const { report } = await scanned(learned);
    await learned.stop();
    expect(report.findings.map((one) => one.weakness)).toContain("lost-update");
  });
});

describe.concurrent("two tokens of one principal", () => {
  const login = `login: { request: POST /enter, json: { username: alice, password: "\${env:PW}" }, token: $.token }`;

  it.each([
    ["a lock on the token, two tokens", "token", login, /proven$/],
    ["a lock on the token, one token", "token", "token: { env: TOKEN }", /not-observed$/],
    ["a lock on the account, two tokens", "account", login, /not-observed$/],
  ] as const)("%s", async (_name, by, way, expected) => {
    const target = await lockingTarget(by);
    const alice = target.accounts.add("alice", PASSWORD);
    const env = { PW: PASSWORD, TOKEN: alice ? target.accounts.issue(alice) : "" };
    const { outcomes } = await configured(target, `principals: { alice: { ${way} } }`, { env, trials: 16 });
    await target.stop();
    expect(outcomes.find((one) => one.startsWith("lost-update"))).toMatch(expected);
  });
});

describe.concurrent("codes that come by mail", () => {
  const recipe = `principals:
  visitor:
    register:
      - { request: POST /join, json: { email: "\${email}" } }
      - { request: POST /join/confirm, json: { email: "\${email}", password: "\${password}", code: "\${mail.code}" } }
    login:
      - { request: POST /enter, json: { email: "\${email}" } }
      - { request: POST /enter/confirm, json: { email: "\${email}", code: "\${mail.code}" }, token: $.token }`;

  it("to a mail server of the scan's", async () => {
    const port = await freePort();
    const target = await mailingTarget({ port });
    await proves(target, `${recipe}\nmail: { smtp: { port: ${port} } }`, { trials: 4 });
    expect(target.mails()).toBeGreaterThan(10);
  });

  it("to a folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "deadheat-mails-"));
    const target = await mailingTarget({ folder });
    await proves(target, `${recipe}\nmail: { file: ${JSON.stringify(folder)} }`, { trials: 2 });
    rmSync(folder, { recursive: true, force: true });
  });
});

describe.concurrent("several principals", () => {
  it("two users, each known by name", async () => {
    const target = await accountsTarget();
    const [alice, bob] = ["alice", "bob"].map((name) => {
      const account = target.accounts.add(name, `Pw-of-${name}-1`);
      return account ? target.accounts.issue(account) : "";
    });
    const user = (name: string) =>
      `{ token: { env: ${name} }, whoami: { request: GET /me, name: $.username, is: ${name} } }`;
    const yaml = `principals: { alice: ${user("alice")}, bob: ${user("bob")} }`;
    await proves(target, yaml, { env: { alice: alice ?? "", bob: bob ?? "" } });
  });

  it("an object that only an administrator can make, and that is removed again", async () => {
    const target = await couponTarget();
    const { outcomes, report } = await configured(
      target,
      `principals:
  admin: { token: { env: ADMIN }, setUpOnly: true }
  visitor:
    register: { request: POST /join, json: { username: "\${unique}", password: "\${password}" } }
    login: { request: POST /enter, json: { username: "\${unique}", password: "\${password}" }, token: $.token }
objects:
  code:
    as: admin
    make: { request: POST /admin/coupons, json: { name: "\${unique}" } }
    value: $.code
    remove: "DELETE /admin/coupons/\${value}"`,
      { env: { ADMIN: target.admin } },
    );
    await target.stop();
    expect(outcomes).toContain("limit-overrun POST /coupons/{code}/redeem: proven");
    expect(target.made()).toBeGreaterThan(10);
    expect(report.cleanup.removed).toBe(target.made());
    expect(target.left()).toEqual(["somebody else's"]);
    // The users stay: the document shows no way to remove them.
    expect(report.cleanup.left).toEqual([
      { by: "POST /join", count: expect.any(Number), reason: expect.stringContaining("no operation") },
    ]);
  });

  it("an object that another service of this machine makes and removes", async () => {
    const target = await couponTarget();
    const { url } = target.backOffice;
    const { outcomes, report } = await configured(
      target,
      `principals:
  admin: { token: { env: ADMIN }, setUpOnly: true }
  visitor:
    register: { request: POST /join, json: { username: "\${unique}", password: "\${password}" } }
    login: { request: POST /enter, json: { username: "\${unique}", password: "\${password}" }, token: $.token }
objects:
  code:
    as: admin
    make: { request: "POST ${url}/admin/coupons", json: { name: "\${unique}" } }
    value: $.code
    remove: "DELETE ${url}/admin/coupons/\${value}"`,
      { env: { ADMIN: target.admin } },
    );
    await target.stop();
    expect(outcomes).toContain("limit-overrun POST /coupons/{code}/redeem: proven");
    expect(target.made()).toBeGreaterThan(10);
    expect(target.left()).toEqual(["somebody else's"]);
    expect(report.cleanup.removed).toBe(target.made());
  });
});

describe.concurrent("what is wrong with credentials is one message, and exit code 2", () => {
  const env = { ALICE: newToken(), BOB: newToken(), PW: PASSWORD };
  const login = (more: string) =>
    `principals: { alice: { login: { request: POST /enter, json: { username: alice, ${more} } } }`;
  const cases: [string, string, RegExp, RegExp?][] = [
    [
      "a login that answers 401",
      login(`password: "\${env:BOB}" }, token: $.token`),
      /POST \/enter answered 401/,
      /user, the password/,
    ],
    [
      "a JSONPath that matches nothing",
      login(`password: "\${env:PW}" }, token: $.acess_token`),
      /\$\.acess_token matches nothing in the answer of POST \/enter \(it has: token\)/,
    ],
    [
      "a variable of the environment that is not set",
      "principals: { alice: { token: { env: NOT_SET_AT_ALL } } }",
      /deadheat\.yaml:1:\d+: .*NOT_SET_AT_ALL is not set/,
    ],
    [
      "a key with a typo",
      "principals: { alice: { tokn: { env: ALICE } } }",
      /tokn: unknown key; did you mean token/,
    ],
    [
      "a token of somebody else",
      "principals: { alice: { token: { env: BOB }, whoami: { request: GET /me, name: $.username, is: alice } } }",
      /the token of alice belongs to bob, not to alice/,
    ],
    [
      "a scheme that nothing uses",
      "principals: { alice: { token: { env: ALICE }, schemes: [jwtAuth] } }",
      /scheme jwtAuth, which no operation/,
      /Schemes in use: tokenAuth/,
    ],
    [
      "a token that the API does not know",
      "principals: { alice: { token: { env: PW } } }",
      /rejects the token of alice/,
    ],
    [
      "a token endpoint beyond this machine",
      "principals: { a: { oauth2: { grant: client_credentials, tokenUrl: http://192.0.2.1/token, clientId: a, clientSecret: { env: PW } } } }",
      /http:\/\/192\.0\.2\.1 is not on this machine/,
    ],
  ];

  it.each(cases)("%s", async (_name, yaml, message, hint = /./) => {
    const target = await loginTarget();
    for (const [name, token] of [
      ["alice", env.ALICE],
      ["bob", env.BOB],
    ] as const)
      target.accounts.issued.set(token, {
        account: target.accounts.byName.get(name)?.account ?? { name, points: 0 },
        ends: Number.POSITIVE_INFINITY,
      });
    const folder = mkdtempSync(join(tmpdir(), "deadheat-credentials-"));
    writeFileSync(join(folder, "deadheat.yaml"), yaml);
    const { code, stdout, stderr } = await run(["scan", target.document, "--target", target.url], {
      env,
      cwd: folder,
    });
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(hint);
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
    expect(stderr).not.toMatch(/^\s+at /m);
    for (const secret of Object.values(env)) expect(`${stdout}${stderr}`.includes(secret)).toBe(false);
    expect(code).toBe(2);
  });
});
