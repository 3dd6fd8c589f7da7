import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { rootCertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import nodemailer from "nodemailer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../packages/deadheat/src/cli/clock.ts";
import { runCommand } from "../packages/deadheat/src/config/command.ts";
import {
  type Config,
  configJsonSchema,
  loadConfig,
  parseConfig,
} from "../packages/deadheat/src/config/index.ts";
import { DeadheatError } from "../packages/deadheat/src/errors.ts";
import { openMailbox } from "../packages/deadheat/src/mail/index.ts";
import { Pacing, RecipeRunner, resolveTarget, Session } from "../packages/deadheat/src/race/index.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deadheat-config-"));
  mkdirSync(join(folder, ".secrets"));
  writeFileSync(join(folder, ".secrets", "alice.token"), "file-token-1\n");
  writeFileSync(join(folder, ".secrets", "alice.refresh"), "file-refresh-1\n");
  mkdirSync(join(folder, "certs"));
  for (const name of ["authority", "client"])
    writeFileSync(join(folder, "certs", `${name}.pem`), rootCertificates[0] ?? "");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(join(folder, "certs", "client.key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(join(folder, "empty.txt"), " \n");
  writeFileSync(join(folder, "two.txt"), "one\ntwo\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const ENV = { A: "secret-of-a", B: "secret-of-b", PATH: process.env.PATH };

function load(text: string, env: NodeJS.ProcessEnv = ENV): Config {
  return parseConfig("deadheat.yaml", text, { folder, env });
}

function failure(run: () => unknown): DeadheatError {
  try {
    run();
  } catch (error) {
    if (error instanceof DeadheatError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const principal = (text: string) => `principals:\n  alice:\n${text.replace(/^/gm, "    ")}`;

describe("the documentation", () => {
  const page = readFileSync(join(root, "docs/config.md"), "utf8");
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  const named = (text: string) =>
    [...text.matchAll(/env:\s*([A-Z_0-9]+)/g)].map((match) => match[1] as string);

  it("has an example of each way to have tokens", () => expect(examples.length).toBeGreaterThan(14));

  it.each(examples.map((text, index) => [index + 1, text] as const))(
    "example %i loads",
    async (_index, text) => {
      const env = Object.fromEntries(named(text).map((name) => [name, `value-of-${name}`]));
      const config = load(text, env);
      for (const { tokens, variables } of config.principals)
        for (const secret of [
          ...tokens.filter((one) => !text.includes("command:") || !one),
          ...Object.values(variables),
        ])
          expect(await secret()).not.toBe("");
      expect(config.principals.length).toBeGreaterThan(0);
    },
  );

  it("explains every key that there is, and no other", () => {
    const keys = new Set<string>();
    collectKeys(configJsonSchema(), keys);
    for (const key of keys) expect(page, key).toMatch(new RegExp(`\\b${key}\\b`));
  });
});

function collectKeys(schema: unknown, keys: Set<string>): void {
  if (typeof schema !== "object" || schema === null) return;
  const { properties } = schema as { properties?: object };
  for (const key of Object.keys(properties ?? {})) keys.add(key);
  for (const inner of Object.values(schema)) collectKeys(inner, keys);
}

describe("the JSON Schema for editors", () => {
  it("describes every key, and its patterns are those that editors read (ECMA-262 with u)", () => {
    const undescribed: string[] = [];
    visit(configJsonSchema(), (schema) => {
      if (typeof schema.pattern === "string") new RegExp(schema.pattern, "u");
      for (const [key, inner] of Object.entries(
        (schema.properties ?? {}) as Record<string, { description?: string }>,
      ))
        if (!inner.description) undescribed.push(key);
    });
    expect(undescribed).toEqual([]);
  });
});

function visit(value: unknown, see: (schema: Record<string, unknown>) => void): void {
  if (typeof value !== "object" || value === null) return;
  see(value as Record<string, unknown>);
  for (const inner of Object.values(value)) visit(inner, see);
}

describe("what a file becomes", () => {
  it("paths start at the file's folder, secrets are asked for anew", async () => {
    const path = join(folder, "sub.yaml");
    writeFileSync(
      path,
      `document: api/openapi.yaml\noutput: out\n${principal("token: { file: .secrets/fresh }")}`,
    );
    writeFileSync(join(folder, ".secrets", "fresh"), "one");
    const config = await loadConfig({ file: path, folder: "/", env: {} });
    expect(config?.document).toBe(join(folder, "api/openapi.yaml"));
    expect(config?.output).toBe(join(folder, "out"));
    const token = config?.principals[0]?.tokens[0];
    expect(await token?.()).toBe("one");
    writeFileSync(join(folder, ".secrets", "fresh"), "two\n");
    expect(await token?.()).toBe("two");
  });

  it("a command prints the secret, without a shell, in the file's folder", async () => {
    const show = `token: { command: [node, -e, "console.log(process.argv[1] + require('fs').existsSync('two.txt'))", "$A; x"] }`;
    const config = load(principal(show));
    expect(await config.principals[0]?.tokens[0]?.()).toBe("$A; xtrue");
  });

  it("a login with every short form", () => {
    const config = load(`
mail: { smtp: { port: 2525 } }
principals:
  alice:
    register: POST /users
    login:
      - request: POST /login?next=\${unique}
        headers: { X-Env: "\${env:A}" }
        json: { user: ["\${email}", 3], code: "\${mail.code}" }
        token: $.t
        refreshToken: $['r']
        expiresIn: $.e
        extract: { tenant: $.tenant }
    revoke: DELETE http://127.0.0.1:9/tokens/\${tenant}
    whoami: { request: GET /me, name: $.name, is: "\${email}" }`);
    expect(config.principals[0]).toMatchObject({
      name: "alice",
      headers: {},
      setUpOnly: false,
      register: [{ request: { method: "POST", path: "/users", headers: {} }, extract: {} }],
      login: [
        {
          request: {
            method: "POST",
            path: `/login?next=\${unique}`,
            headers: { "x-env": `\${env:A}` },
            json: { user: [`\${email}`, 3], code: `\${mail.code}` },
          },
          extract: { token: "$.t", refresh_token: "$['r']", expires_in: "$.e", tenant: "$.tenant" },
        },
      ],
      revoke: [{ request: { method: "DELETE", origin: "http://127.0.0.1:9", path: `/tokens/\${tenant}` } }],
      identity: { expected: `\${email}`, step: { extract: { name: "$.name" } } },
    });
    expect(Object.keys(config.principals[0]?.variables ?? {})).toEqual(["env:A"]);
    expect(config.mail).toEqual({ smtp: { port: 2525 } });
  });

  it("OAuth 2.0: basic authentication is form-encoded first (RFC 6749 §2.3.1)", async () => {
    const config = load(
      principal(
        "oauth2: { grant: client_credentials, tokenUrl: /t, clientId: 'a b', clientSecret: { env: A } }",
      ),
      { A: "s:%é" },
    );
    const [alice] = config.principals;
    expect(alice?.login[0]?.request).toEqual({
      method: "POST",
      path: "/t",
      headers: { accept: "application/json", authorization: `Basic \${oauth2.client}` },
      form: { grant_type: "client_credentials" },
    });
    const basic = await alice?.variables["oauth2.client"]?.();
    expect(Buffer.from(basic ?? "", "base64").toString()).toBe("a+b:s%3A%25%C3%A9");
    expect(alice?.refresh).toEqual([]);
  });

  it("OAuth 2.0: password, in the body, with refresh and revocation", () => {
    const config = load(
      principal(`
register: POST /users
oauth2:
  grant: password
  tokenUrl: http://127.0.0.1:8080/token
  revocationUrl: /revoke
  clientId: app
  clientSecret: { env: A }
  clientAuthentication: body
  username: \${email}
  password: \${password}`),
    );
    const client = { client_id: "app", client_secret: `\${oauth2.client_secret}` };
    expect(config.principals[0]).toMatchObject({
      login: [
        {
          request: {
            origin: "http://127.0.0.1:8080",
            path: "/token",
            form: { grant_type: "password", username: `\${email}`, password: `\${password}`, ...client },
          },
          extract: { token: "$.access_token" },
          optional: ["refresh_token", "expires_in"],
        },
      ],
      refresh: [
        { request: { form: { grant_type: "refresh_token", refresh_token: `\${refresh_token}`, ...client } } },
      ],
      revoke: [
        {
          request: {
            path: "/revoke",
            form: { token: `\${token}`, token_type_hint: "access_token", ...client },
          },
        },
      ],
    });
  });

  it("anchors and merges are followed, and their mistakes are found where they stand", () => {
    const text = (login: string) => `principals:
  alice: &user
    login: ${login}
  bob:
    <<: *user
    keyword: Token`;
    expect(load(text("{ request: POST /login, token: $.t }")).principals[1]).toMatchObject({
      keyword: "Token",
      login: [{ request: { path: "/login" } }],
    });
    expect(failure(() => load(text("{ request: POST /login, token: t }"))).message).toMatch(
      /^deadheat.yaml:3:43: principals.alice.login.token: .*\(and 1 more\)$/,
    );
  });

  it("objects by parameter and by path", () => {
    const config = load(`${principal("token: { env: A }")}
objects:
  code: { make: POST /coupons, value: $.code, as: alice, remove: "DELETE /coupons/\${value}" }
  /orders/{order}/lines/{id}: { make: "POST /orders/\${order}/lines" }`);
    expect(config.objects).toMatchObject([
      { parameter: "code", as: "alice", make: [{ extract: { value: "$.code" } }], remove: [{ extract: {} }] },
      { parameter: "id", path: "/orders/{order}/lines/{id}" },
    ]);
    expect(config.objects[0]).not.toHaveProperty("path");
  });

  it("in the working directory, paths and places are as one would type them", async () => {
    const text = "document: openapi.yaml\noutput: ../out";
    expect(parseConfig("deadheat.yaml", text, { folder: process.cwd(), env: {} })).toMatchObject({
      document: "openapi.yaml",
      output: join(dirname(process.cwd()), "out"),
    });
  });

  it("no file, no configuration; two files are one too many", async () => {
    const empty = mkdtempSync(join(folder, "none-"));
    expect(await loadConfig({ folder: empty, env: {} })).toBeUndefined();
    writeFileSync(join(empty, "deadheat.yml"), "target: http://127.0.0.1:1");
    expect(await loadConfig({ folder: empty, env: {} })).toMatchObject({ target: "http://127.0.0.1:1" });
    writeFileSync(join(empty, "deadheat.yaml"), "target: http://127.0.0.1:2");
    await expect(loadConfig({ folder: empty, env: {} })).rejects.toMatchObject({ code: "config-invalid" });
  });
});

describe("mistakes: one message with its place, one hint, exit code 2", () => {
  it.each([
    // Keys, at each level.
    ["principal:\n  alice: {}", "1:1: principal: unknown key; did you mean principals?"],
    [principal("tokn: { env: A }"), "3:5: principals.alice.tokn: unknown key; did you mean token?"],
    [
      principal("token: { enviroment: A }"),
      "3:14: principals.alice.token.enviroment: unknown key; there are env, file, command",
    ],
    [
      principal("login: { requst: POST /l }"),
      "3:14: principals.alice.login.requst: unknown key; did you mean request?",
    ],
    [
      principal("login:\n  - { request: POST /l, refresh_token: $.r }"),
      "4:29: principals.alice.login.0.refresh_token: unknown key; did you mean refreshToken?",
    ],
    [principal("oauth2: { grant: password, tokenURI: /t }"), "tokenURI: unknown key; did you mean tokenUrl?"],
    [
      principal("token: { env: A }\nwhoami: { request: GET /me, nam: $.n, is: x }"),
      "whoami.nam: unknown key; did you mean name?",
    ],
    ["scan: { trails: 5 }", "1:9: scan.trails: unknown key; did you mean trials?"],
    ["mail: { smpt: { port: 1 } }", "1:9: mail.smpt: unknown key; did you mean smtp?"],
    [
      "objects:\n  code: { make: POST /c, vaule: $.c }",
      "2:26: objects.code.vaule: unknown key; did you mean value?",
    ],
    [
      "objects:\n  code: { make: { request: POST /c, token: $.t } }",
      "2:37: objects.code.make.token: unknown key",
    ],
    // Types and values.
    ["scan: { trials: many }", "1:17: scan.trials: expected a number, found a text"],
    ["scan: { trials: 0 }", "scan.trials: must be at least 1"],
    ["scan: { trials: 1.5 }", "scan.trials: expected a whole number, found a number"],
    ["scan: { trials: .inf }", "not a finite number"],
    ["scan: { seed: 12 }", "scan.seed: expected a text, found a number"],
    ["target: 127.0.0.1:8000", "target: is not an origin such as http://127.0.0.1:8000"],
    ["target: http://u:p@127.0.0.1:8000", "target: is not an origin"],
    ["document: http://127.0.0.1/openapi.json", "document: is a URL, not a file"],
    ["allow: http://a", "allow: expected a list, found a text"],
    ["principals: [a]", "principals: expected a map of keys, found a list"],
    ["principals: { a: }", "principals.a: is missing: expected a map of keys"],
    ["principals: { 'a b': { token: { env: A } } }", "is not a name of letters, digits, _ and -"],
    [principal("login: 3"), "login: expected a text or a map of keys or a list, found a number"],
    [principal("login: []"), "login: is empty"],
    [principal("login: log in"), "is not a method and a path such as POST /login"],
    [principal("login: POST //elsewhere/x"), "is not a method and a path"],
    [principal("login: POST http://u:p@elsewhere/x"), "is not a method and a path"],
    [
      principal("login: { request: POST /l, token: access }"),
      "is not a JSONPath such as $.access_token (RFC 9535), from character 1 on",
    ],
    [
      principal("login: { request: POST /l, token: $.a[ }"),
      "put a text with brackets, braces or # in it into quotes",
    ],
    [principal("login: { request: POST /l, token: '$.a[' }"), "login.token: is not a JSONPath"],
    [principal("login: { request: POST /l, token: '' }"), "login.token: is not a JSONPath"],
    [principal("login: { request: POST /l, token: $.t, json: {}, form: {} }"), "json and form at once"],
    [
      principal("login: { request: POST /l, token: $.t, extract: { token: $.u } }"),
      "login.extract.token: given twice",
    ],
    ["mail: { smtp: { port: 99999 } }", "mail.smtp.port: must be at most 65535"],
    ["mail: { file: x, pattern: '(' }", "mail.pattern: is not a regular expression"],
    ["mail: { file: x, pattern: 'a' }", "mail.pattern: has no group for the code"],
    // What contradicts itself, and what is missing.
    [principal("{}"), "principals.alice: says no way to a token"],
    [principal("revoke: POST /x"), "principals.alice: says no way to a token"],
    [principal("register: POST /x"), "register: extracts no token, and there is no login"],
    [principal("login: POST /x"), "login: extracts no token"],
    [principal("token: { env: A }\ntokens: [{ env: B }]"), "tokens: contradicts token"],
    [principal("token: { env: A }\nlogin: { request: POST /x, token: $.t }"), "login: contradicts token"],
    [principal("token: { env: A }\nregister: POST /x"), "register: contradicts token"],
    [
      principal(
        "login: { request: POST /x, token: $.t }\noauth2: { grant: client_credentials, tokenUrl: /t, clientId: a, clientSecret: { env: A } }",
      ),
      "oauth2: contradicts login",
    ],
    [principal("token: { env: A, file: b }"), "token: needs exactly one of env, file, command"],
    [principal("token: {}"), "token: needs exactly one of env, file, command"],
    [principal("token: { env: A }\nheaders: { authorization: x }"), "is the header that carries the token"],
    [principal("oauth2: { grant: password, tokenUrl: /t }"), "the grant password needs username"],
    [
      principal(
        "oauth2: { grant: client_credentials, tokenUrl: /t, clientId: a, clientSecret: { env: A }, username: a }",
      ),
      "oauth2.username: means nothing for the grant client_credentials",
    ],
    [
      principal("oauth2: { grant: implicit, tokenUrl: /t }"),
      "expected one of password, client_credentials, refresh_token",
    ],
    [
      principal("oauth2: { grant: refresh_token, tokenUrl: t, refreshToken: { env: A } }"),
      "oauth2.tokenUrl: is neither a path",
    ],
    ["mail: {}", "mail: needs smtp or file"],
    ["mail: { smtp: { port: 2525 }, file: x }", "mail.file: contradicts smtp"],
    [
      `${principal("token: { env: A }")}\nobjects: { code: { make: POST /x, as: alise } }`,
      "objects.code.as: no such principal; did you mean alice?",
    ],
    ["objects: { '{code}': { make: POST /x } }", "is neither a path parameter nor a path that ends in one"],
    // Variables.
    [
      principal(`login: { request: POST /l, token: $.t, json: { a: [{ b: "\${emial}" }] } }`),
      `login.json.a.0.b: \${emial}: unknown variable; did you mean \${email}?`,
    ],
    [
      principal(`login: { request: "POST /l/\${nothing}", token: $.t }`),
      "there are unique, email, password, uuid",
    ],
    [
      principal(`login: { request: POST /l, token: $.t, json: { c: "\${mail.code}" } }`),
      `\${mail.code}: needs \`mail:\``,
    ],
    [
      principal(
        `login: { request: POST /l, token: $.t }\nrefresh: { request: POST /r, token: $.t, json: { r: "\${refresh_token}" } }`,
      ),
      `refresh.json.r: \${refresh_token}: no earlier step extracts it`,
    ],
    [
      principal(`variables: { token: x }\nlogin: { request: POST /l, token: $.t }`),
      "variables.token: is set by the login",
    ],
    [
      principal(`variables: { a: "\${unique}" }\nlogin: { request: POST /l, token: $.t }`),
      "variables.a: cannot hold",
    ],
    [
      principal(`login: { request: POST /l, token: $.t, json: { a: "\${env:NOT THERE}" } }`),
      `\${env:…} does not hold the name`,
    ],
    [`objects: { code: { make: "POST /\${toString}" } }`, "unknown variable"],
    // Secrets in the file.
    [principal("token: abc"), "token: a secret does not belong in this file"],
    [principal("tokens: [abc]"), "tokens.0: a secret does not belong in this file"],
    [
      principal("login: { request: POST /l, token: $.t, headers: { Authorization: Bearer abc } }"),
      "login.headers.Authorization: a token does not belong in this file",
    ],
    [
      principal(
        "login: { request: POST /l, token: $.t, json: { a: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln } }",
      ),
      "login.json.a: a token does not belong in this file",
    ],
    // YAML.
    ["a: 1\na: 2", "2:1: the same key twice"],
    ["scan: { trials: 1, trials: 2 }", "the same key twice"],
    ["target: [", "1:"],
    ["a: b: c", "1:4: a key after a value"],
    ["\ttarget: x", "a tab as indentation"],
    ["target: *Hunter2", "1:9: an alias without an anchor"],
    ["target: !Hunter2", "1:9: an unknown tag"],
    ["a: 1\n---\nb: 2", "more than one document"],
    ["allow: &a [*a]", "nested too deep, or an alias inside its own anchor"],
    [
      "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]",
      "too many aliases",
    ],
    ["<<: 3", "1:1: too many aliases, or a merge"],
    ["allow: !!set { a }", "a tag that is not used here"],
    ["? [a]\n: b", "a key that is not a text"],
    ["__proto__: { target: x }", "1:1: a key that may not be used"],
    [
      principal("login: { request: POST /l, token: $.t, json: { __proto__: { a: 1 } } }"),
      "a key that may not be used",
    ],
    ["constructor: 1", "1:1: constructor: unknown key"],
    [
      "principals: { constructor: { token: { env: A } }, toString: {} }",
      "principals.toString: says no way to a token",
    ],
    ["", "the file is empty"],
    ["# only a comment\n", "the file is empty"],
    ["just a text", "1:1: expected a map of keys, found a text"],
    [`a: ${"[".repeat(200)}${"]".repeat(200)}`, "nested too deep"],
  ])("%j", (text, message) => {
    const error = failure(() => load(text));
    expect(error.message).toMatch(/^deadheat\.yaml(:\d+:\d+)?: /);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ code: "config-invalid", exitCode: 2 });
    expect(error.hint).not.toBe("");
    expect(error.message).not.toContain("\n");
  });

  it("several: the first, and how many more", () => {
    const { message } = failure(() => load("scan: { trials: 0 }\nallow: 3\ntarget: x"));
    expect(message).toBe("deadheat.yaml:1:17: scan.trials: must be at least 1 (and 2 more)");
  });

  it.each([
    ["token: { env: NOT_SET }", "3:12: principals.alice.token: the environment variable NOT_SET is not set"],
    ["token: { env: EMPTY }", "the environment variable EMPTY is not set"],
    ["token: { env: LINES }", "the environment variable LINES holds more than one line"],
    ["token: { file: nowhere }", "principals.alice.token: nowhere: no such file"],
    ["token: { file: .secrets }", ".secrets: not a file"],
    [
      `login: { request: POST /l, token: $.t, json: { p: "\${env:NOT_SET}" } }`,
      "login.json.p: the environment variable NOT_SET is not set",
    ],
  ])("a secret that is not there: %s", (text, message) => {
    const error = failure(() => load(principal(text), { EMPTY: " ", LINES: "a\nb" }));
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ code: "secret-missing", exitCode: 2 });
  });

  it.each([
    ["file: empty.txt", "empty.txt holds nothing"],
    ["file: two.txt", "two.txt holds more than one line"],
    ["command: [no-such-program-here]", "the command no-such-program-here was not found"],
    [
      "command: [node, -e, 'console.error(process.env.A); process.exit(3)', secret-argument]",
      "the command node failed with exit code 3",
    ],
    ["command: [node, -e, '']", "the command node prints nothing"],
    ["command: [node, -e, 'console.log(1); console.log(2)']", "the command node prints more than one line"],
    ["command: [node, -e, 'process.kill(process.pid)']", "the command node was ended by SIGTERM"],
    [`command: [node, -e, 'console.log("x".repeat(1e6))']`, "the command node printed too much"],
  ])("a secret that turns out not to be there: %s", async (text, message) => {
    const secret = load(principal(`token: { ${text} }`)).principals[0]?.tokens[0];
    const error = await secret?.().then(
      () => undefined,
      (one) => one,
    );
    expect(error).toBeInstanceOf(DeadheatError);
    expect(error.message).toContain(`deadheat.yaml:3:12: principals.alice.token: `);
    expect(error.message).toContain(message);
    expect(error.message + error.hint).not.toMatch(/secret-of|secret-argument/);
    expect(error).toMatchObject({ code: "secret-missing", exitCode: 2 });
  });

  it("a command that takes too long ends", async () => {
    const ran = await runCommand(["sleep", "600"], { folder, env: ENV, limitMs: 100 });
    expect(ran).toEqual({ problem: "took longer than 0.1 s" });
  });

  it("a command ends when the scan is called off, with what it started", async () => {
    // Whoever holds the pipe keeps it open: it is closed when the last of them has ended.
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const held = createReadStream(pipe);
    const ended = once(held, "end");
    const abort = new AbortController();
    const program = ["sh", "-c", 'exec 3> "$0"; sleep 600 & echo started >&3; sleep 600', pipe];
    const running = runCommand(program, { folder, env: ENV, signal: abort.signal });
    await once(held, "data");
    abort.abort();
    expect(await running).toEqual({ problem: "was called off" });
    await ended;
  });

  it("files that cannot be read", async () => {
    const at = (name: string) => loadConfig({ file: join(folder, name), folder, env: {} });
    await expect(at("nowhere.yaml")).rejects.toMatchObject({ code: "config-missing", exitCode: 2 });
    await expect(at(".secrets")).rejects.toMatchObject({ code: "config-invalid", message: /is a folder/ });
    writeFileSync(join(folder, "large.yaml"), `# ${"x".repeat(1_000_001)}`);
    await expect(at("large.yaml")).rejects.toMatchObject({
      code: "config-invalid",
      message: /larger than 1 MB/,
    });
    writeFileSync(join(folder, "binary.yaml"), Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]));
    await expect(at("binary.yaml")).rejects.toMatchObject({ code: "config-invalid" });
    writeFileSync(join(folder, "locked.yaml"), "target: http://127.0.0.1:1");
    chmodSync(join(folder, "locked.yaml"), 0);
    // The superuser may read everything.
    if (process.getuid?.() !== 0)
      await expect(at("locked.yaml")).rejects.toMatchObject({ code: "config-invalid", message: /EACCES/ });
  });
});

describe("recipes against a running API", () => {
  it("a login by a code in a mail, for several users at once; OAuth 2.0 with basic authentication", async () => {
    const signal = new AbortController().signal;
    const codes = new Map<string, string>();
    let send: (to: string, code: string) => Promise<unknown> = async () => {};
    const server = createServer(async (request, response) => {
      const body = await text(request);
      const answer = (status: number, json: object) => response.writeHead(status).end(JSON.stringify(json));
      if (request.url === "/users") {
        const { email } = JSON.parse(body);
        const code = String(100_000 + codes.size);
        codes.set(email, code);
        // Answered before the mail is there, as with a queue.
        setTimeout(() => send(email, code), 50);
        return answer(201, { id: 1 });
      }
      if (request.url === "/verify") {
        const { email, code } = JSON.parse(body);
        return codes.get(email) === code ? answer(200, { token: `token-of-${email}` }) : answer(401, {});
      }
      const form = Object.fromEntries(new URLSearchParams(body));
      const basic = Buffer.from(String(request.headers.authorization).slice(6), "base64").toString();
      const granted = request.url === "/token" && basic === "app:secret-of-a" && form.password === "pw";
      return granted
        ? answer(200, { access_token: "t1", refresh_token: "r1", expires_in: 60 })
        : answer(401, form);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = load(`
mail: { smtp: { port: 2525 } }
principals:
  visitor:
    register: { request: POST /users, json: { email: "\${email}" } }
    login: { request: POST /verify, json: { email: "\${email}", code: "\${mail.code}" }, token: $.token }
  alice:
    oauth2: { grant: password, tokenUrl: /token, clientId: app, clientSecret: { env: A }, username: alice, password: pw }`);
    const clock = systemClock;
    const mailbox = await openMailbox({ smtp: { port: 0 } }, clock, signal);
    const sender = nodemailer.createTransport({ host: "127.0.0.1", port: mailbox.smtpPort, secure: false });
    send = (to, code) =>
      sender.sendMail({ from: "api@test", to, subject: "Hi", text: `Your code is ${code}` });
    const target = await resolveTarget(url, { allow: [] });
    const budget = { limit: 1000, spent: 0 };
    const pacing = new Pacing({ clock, signal });
    const session = new Session({ target, clock, budget, signal, timeoutMs: 5000, pacing });
    try {
      const elsewhere = async () => session;
      const runner = new RecipeRunner({ session, clock, elsewhere, mail: mailbox });
      const [visitor, alice] = config.principals;
      const tokens = ["a@test", "b@test", "c@test"].map(async (email) => {
        const variables = new Map([["email", email]]);
        await runner.run([...(visitor?.register ?? []), ...(visitor?.login ?? [])], variables);
        return variables.get("token");
      });
      expect(await Promise.all(tokens)).toEqual(["token-of-a@test", "token-of-b@test", "token-of-c@test"]);
      const variables = new Map<string, string>();
      for (const [name, secret] of Object.entries(alice?.variables ?? {}))
        variables.set(name, await secret());
      await runner.run(alice?.login ?? [], variables);
      expect(Object.fromEntries(variables)).toMatchObject({
        token: "t1",
        refresh_token: "r1",
        expires_in: "60",
      });
    } finally {
      await session.close();
      await mailbox.close();
      server.close();
    }
  });
});

describe("files that nobody meant", () => {
  const SECRET = "Xk2-p4ssw0rd.9qVz_T0k3n";
  const page = readFileSync(join(root, "docs/config.md"), "utf8");
  const seeds = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) =>
    (match[1] as string).split("\n"),
  );
  const piece = fc.constantFrom(
    "",
    " ",
    "  ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "&a ",
    "*a",
    "<<: *a",
    "!!x ",
    "!",
    `\${`,
    "}",
    "$",
    "#",
    "|",
    ">",
    "null",
    "~",
    "0",
    "1e999",
    "true",
    "__proto__: ",
    "\t",
    "\u0000",
    "\u2028",
    "---",
    SECRET,
    `token: ${SECRET}`,
    `${SECRET}: `,
    `*${SECRET}`,
    `!${SECRET}`,
    `$.${SECRET}[`,
    `\${${SECRET}}`,
    `POST /\${env:${SECRET}}`,
    `"${SECRET}`,
  );

  it("give a configuration or a DeadheatError of one line, and no secret", () => {
    const edit = fc.record({
      line: fc.nat(30),
      at: fc.nat(60),
      drop: fc.nat(8),
      put: fc.oneof(piece, fc.string({ maxLength: 4 })),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (seed, edits) => {
          const lines = [...seed];
          for (const { line, at, drop, put } of edits) {
            const index = line % lines.length;
            const text = lines[index] ?? "";
            const from = at % (text.length + 1);
            lines[index] = text.slice(0, from) + put + text.slice(from + drop);
          }
          tolerates(lines.join("\n"));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("structures, too", () => {
    const env = fc.constantFrom(
      { env: "A" },
      SECRET,
      { file: ".secrets/alice.token" },
      { command: [SECRET] },
    );
    const key = fc.constantFrom(
      "principals",
      "alice",
      "token",
      "login",
      "request",
      "json",
      "extract",
      "oauth2",
      "mail",
      "objects",
      "make",
      "__proto__",
      "constructor",
      SECRET,
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        env,
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie("value"), { maxLength: 3 }),
        tie("map"),
      ),
      map: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(value, (one) => {
        tolerates(JSON.stringify({ principals: { alice: one } }));
        tolerates(JSON.stringify(one));
      }),
      { numRuns: 800 },
    );
  });

  function tolerates(text: string): void {
    try {
      parseConfig("deadheat.yaml", text, { folder, env: { A: SECRET, ALICE_TOKEN: SECRET } });
    } catch (error) {
      if (!(error instanceof DeadheatError)) throw error;
      expect(error.message + error.hint).not.toContain(SECRET);
      expect(error.message).not.toContain("\n");
      expect(error.exitCode).toBe(2);
    }
  }
});
