import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type InitFlags, initCommand } from "../packages/deadheat/src/cli/init.ts";
import { type Config, parseConfig } from "../packages/deadheat/src/config/index.ts";
import { draftFromText } from "../packages/deadheat/src/engine/init.ts";
import { DeadheatError } from "../packages/deadheat/src/errors.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const lab = readFileSync(join(root, "labs/node/openapi.yaml"), "utf8");
const TOKENS = Object.fromEntries(
  ["ALICE", "BOB", "CAROL", "DAVE", "ERIN", "FRANK", "GRACE", "HEIDI"].map((name) => [`${name}_TOKEN`, "x"]),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deadheat-init-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Every example in the file put to use. */
function uncommented(yaml: string): string {
  return yaml.replace(/^#(?=\S| {2})/gm, "");
}

function load(yaml: string): Config {
  return parseConfig("deadheat.yaml", yaml, { folder, env: TOKENS });
}

const document = (
  paths: string,
  schemes = "token: { type: http, scheme: bearer }",
  rest = "",
) => `openapi: 3.1.0
info: { title: Shop, version: "1" }
${rest}
components: { securitySchemes: { ${schemes} } }
security: [{ token: [] }]
paths:
${paths}`;

const SECRET_BODY = (properties: string, names: string) =>
  `requestBody: { content: { application/json: { schema: { type: object, required: [${names}], properties: { ${properties} } } } } }`;

const SHOP = document(
  `
  /users:
    post: { operationId: signUp, security: [], ${SECRET_BODY("email: { type: string, format: email }, password: { type: string }, role: { enum: [buyer] }", "email, password, role")}, responses: { "201": { description: made } } }
  /token:
    post:
      operationId: logIn
      security: []
      requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, required: [username, password], properties: { username: { type: string }, password: { type: string, format: password } } } } } }
      responses: { "200": { description: ok, content: { application/json: { schema: { type: object, properties: { refresh_token: { type: string }, "access token": { type: string }, data: { type: object, properties: { access_token: { type: string } } } } } } } } }
  /me:
    get: { responses: { "200": { description: ok, content: { application/json: { schema: { type: object, properties: { points: { type: integer } } } } } } } }
  /payments:
    post: { operationId: pay, responses: {} }
  /gifts/{gift}/open:
    post: { parameters: [{ in: path, name: gift, required: true, schema: { type: string } }], responses: {} }`,
  undefined,
  "servers: [{ url: 'https://shop.example.com' }]",
);

describe("the file that is written", () => {
  it("names what the document shows, and leaves the rest as examples", () => {
    const { yaml, operations, guarded } = draftFromText("shop", SHOP, "openapi.yaml");
    expect({ operations, guarded }).toEqual({ operations: 5, guarded: 3 });
    expect(yaml).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=./node_modules/deadheat/schema/config.schema.json
      # Shop: what deadheat needs to know about it. Lines that begin with # and a key
      # are examples: remove the # to use them. Every key is explained in docs/config.md.

      document: openapi.yaml

      # The document names https://shop.example.com. Start the API on this machine with test data, and say where it is.
      #target: http://127.0.0.1:8000

      # Who calls the API. 3 of 5 operations take a token.
      # token: the scan makes its own users by POST /users and POST /token; say otherwise only where that fails.
      #principals:
      #  alice:
      #    register:
      #      request: POST /users
      #      json: { email: "\${email}", password: "\${password}", role: buyer }
      #    login:
      #      request: POST /token
      #      form: { username: "\${email}", password: "\${password}" }
      #      token: $.data.access_token
      #    # or, instead, a token of a user that exists:
      #    # token: { env: ALICE_TOKEN }

      # Objects that paths name and that the document does not show how to make.
      #objects:
      #  gift: # POST /gifts/{gift}/open
      #    make: { request: "POST /gifts", json: {} }
      #    value: $.gift

      # Left out unless named here, as they may move money or send messages.
      #optIn:
      #  - pay # POST /payments

      # Codes that the API sends by mail: \${mail.code} in a request is the code in the next one.
      #mail:
      #  smtp: { port: 2525 }

      # How much is raced, and how fast.
      #scan:
      #  trials: 60
      #  ratePerSecond: 500
      "
    `);
    expect(load(yaml)).toMatchObject({ document: join(folder, "openapi.yaml"), principals: [], optIn: [] });
    expect(load(uncommented(yaml))).toMatchObject({
      target: "http://127.0.0.1:8000",
      optIn: ["pay"],
      principals: [
        {
          name: "alice",
          register: [
            {
              request: {
                path: "/users",
                json: { email: `\${email}`, password: `\${password}`, role: "buyer" },
              },
            },
          ],
          login: [
            {
              request: { path: "/token", form: { username: `\${email}`, password: `\${password}` } },
              extract: { token: "$.data.access_token" },
            },
          ],
        },
      ],
      objects: [{ parameter: "gift", make: [{ request: { method: "POST", path: "/gifts" } }] }],
    });
  });

  it.each([
    [
      "token: { type: apiKey, in: header, name: Authorization, description: 'Token-based authentication with required prefix \"Token\"' }",
      { keyword: "Token" },
    ],
    ["token: { type: apiKey, in: header, name: X-API-Key }", { header: "x-api-key", keyword: "" }],
    ["token: { type: http, scheme: bearer }", {}],
    ["token: { type: oauth2, flows: {} }", {}],
  ])("a principal for %s", (scheme, expected) => {
    const { yaml } = draftFromText(
      "shop",
      document("  /me: { get: { responses: {} }, post: { responses: {} } }", scheme),
      "o.yaml",
    );
    const [alice] = load(uncommented(yaml)).principals;
    expect(alice).toMatchObject({ name: "alice", ...expected });
    expect(alice?.tokens).toHaveLength(1);
    expect(Object.keys(alice ?? {}).filter((key) => key === "header" || key === "keyword")).toEqual(
      Object.keys(expected),
    );
  });

  it("several schemes are several principals, each for its own", () => {
    const schemes = "token: { type: http, scheme: bearer }, 'a: b #': { type: http, scheme: bearer }";
    const paths =
      "  /me: { get: { responses: {} } }\n  /it: { get: { security: [{ 'a: b #': [] }], responses: {} } }";
    const config = load(uncommented(draftFromText("x", document(paths, schemes), "o.yaml").yaml));
    expect(config.principals.map((one) => [one.name, one.schemes])).toEqual([
      ["alice", ["token"]],
      ["bob", ["a: b #"]],
    ]);
  });

  it("the lab's own, as it is and with every example in use", () => {
    const { yaml } = draftFromText("lab", lab, "openapi.yaml", "http://127.0.0.1:4010");
    expect(load(yaml)).toMatchObject({ target: "http://127.0.0.1:4010" });
    expect(load(uncommented(yaml)).principals.map((one) => one.login.length)).toEqual([1, 1]);
  });

  it.each([
    [
      "a title of several lines",
      { info: { title: "Shop\nprincipals: { a: {} }\r\u2028mail: {}\u0085x: 1" } },
    ],
    [
      "an operation named like YAML",
      { paths: { "/pay": { post: { operationId: "a: b\nc: [", security: [{ token: [] }] } } } },
    ],
    [
      "an operation named like a number",
      { paths: { "/pay": { post: { operationId: "1e5", security: [{ token: [] }] } } } },
    ],
    [
      "an operation named like a key",
      { paths: { "/pay": { post: { operationId: "null", security: [{ token: [] }] } } } },
    ],
    [
      "a path with variables",
      { paths: { "/pay/${x}/{__proto__}": { post: { security: [{ token: [] }] } } } },
    ],
    [
      "a path that names a host",
      { paths: { "//evil/x": { post: { security: [{ token: [] }] } }, "/\\evil": { post: {} } } },
    ],
  ])("%s stays inside its comment or its quotes", (_name, change) => {
    const base = JSON.parse(
      JSON.stringify({
        openapi: "3.1.0",
        info: { title: "x" },
        components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
        paths: {},
      }),
    );
    const { yaml } = draftFromText("x", JSON.stringify({ ...base, ...change }), "o.json");
    expect(load(yaml).principals).toEqual([]);
    load(uncommented(yaml));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    expect(yaml).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
  });

  it("values of the document's own stay values", () => {
    const text = `\${odd} $${"{x}"} eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln \u2028 'q' "r"`;
    const body = {
      type: "object",
      required: ["password", "k"],
      properties: { password: { type: "string" }, k: { const: text, type: "string" }, "a b": {} },
    };
    const shop = {
      openapi: "3.1.0",
      info: { title: "x" },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      paths: {
        "/users": {
          post: { requestBody: { content: { "application/json": { schema: body } } }, responses: {} },
        },
        "/me": { get: { security: [{ token: [] }] } },
      },
    };
    load(uncommented(draftFromText("x", JSON.stringify(shop), "o.json").yaml));
  });

  it("whatever the document, the file loads, and so do its examples", () => {
    const names = fc.oneof(
      fc.constantFrom(
        "password",
        "email",
        "token",
        "id",
        "constructor",
        "__proto__",
        "yes",
        "1",
        "a b",
        "a/b~c",
        `\${x}`,
        "é",
        "\ud800",
        "#",
        ": ",
        "'\"",
      ),
      fc.string({ maxLength: 5, unit: "binary" }),
    );
    const schema = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.record({
          type: fc.constantFrom("string", "integer", "number", "boolean"),
          format: fc.constantFrom("email", "uuid", "password", "date", "decimal"),
        }),
        fc.record({ const: names, type: fc.constant("string") }),
        fc.record({ type: fc.constant("array"), minItems: fc.constant(1), items: tie("node") }),
        fc.record({
          type: fc.constant("object"),
          properties: fc.dictionary(names, tie("node"), { maxKeys: 3 }),
          required: fc.array(names, { maxLength: 3 }),
        }),
      ),
    })).node;
    const content = fc.record({ schema });
    const operation = fc.record(
      {
        operationId: names,
        summary: fc.string({ maxLength: 20, unit: "binary" }),
        security: fc.constantFrom([], [{ token: [] }], [{ key: [] }], [{}, { token: [] }]),
        requestBody: fc.record({
          content: fc.oneof(
            fc.record({ "application/json": content }),
            fc.record({ "application/x-www-form-urlencoded": content }),
          ),
        }),
        responses: fc.record({ "200": fc.record({ content: fc.record({ "application/json": content }) }) }),
      },
      { requiredKeys: [] },
    );
    const path = fc
      .tuple(fc.constantFrom("/users", "/login", "/pay/{id}", "/a/{x}/b/{y z}", "/é", "/ "), names)
      .map(([a, b]) => a + (b === "" ? "" : `/${b}`));
    const paths = fc.dictionary(
      path,
      fc.record({ post: operation, get: operation, put: operation }, { requiredKeys: [] }),
      { maxKeys: 5 },
    );
    const schemes = fc.record({
      token: fc.constantFrom({ type: "http", scheme: "bearer" }, { type: "oauth2" }),
      key: fc.record({
        type: fc.constant("apiKey"),
        in: fc.constant("header"),
        name: fc.constantFrom("X-Key", "Authorization", "a b", "é: x"),
        description: names,
      }),
    });
    fc.assert(
      fc.property(paths, schemes, names, fc.webUrl(), (items, securitySchemes, title, url) => {
        const text = JSON.stringify({
          openapi: "3.0.0",
          info: { title },
          servers: [{ url }],
          components: { securitySchemes },
          security: [{ token: [] }],
          paths: items,
        });
        const { yaml } = draftFromText("x", text, "openapi.json");
        load(yaml);
        load(uncommented(yaml));
      }),
      { numRuns: 150 },
    );
  });
});

describe("deadheat init", () => {
  type Handler = (request: IncomingMessage, response: ServerResponse) => void;
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const close of closers.splice(0)) await close();
  });

  async function serve(handler: Handler): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      handler(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  const only = (answers: Readonly<Record<string, string | [number, object, string]>>): Handler => {
    return (request, response) => {
      const answer = answers[request.url ?? ""] ?? [404, {}, "nothing"];
      const [status, headers, body] = typeof answer === "string" ? [200, {}, answer] : answer;
      response.writeHead(status, headers as Record<string, string>).end(body);
    };
  };

  async function init(source: string, flags: InitFlags = {}): Promise<{ out: string; at: string }> {
    const at = mkdtempSync(join(folder, "at-"));
    let out = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += text;
      return true;
    });
    try {
      expect(await initCommand(source, { output: join(at, "deadheat.yaml"), ...flags })).toBe(0);
    } finally {
      vi.restoreAllMocks();
    }
    return { out, at };
  }

  async function failing(source: string, flags: InitFlags = {}): Promise<DeadheatError> {
    const error = await init(source, flags).then(
      () => undefined,
      (one) => one,
    );
    expect(error).toBeInstanceOf(DeadheatError);
    expect(error.exitCode).toBe(2);
    expect(error.message).not.toContain("\n");
    return error;
  }

  it.each([
    "/openapi.json",
    "/openapi.yaml",
    "/swagger.json",
    "/api/schema/",
    "/schema/",
    "/v3/api-docs",
    "/api-docs",
    "/swagger/v1/swagger.json",
    "/docs/openapi.json",
  ])("finds the document at %s, and keeps it beside the configuration", async (place) => {
    const { url } = await serve(only({ [place]: SHOP }));
    const { out, at } = await init(url);
    expect(out).toContain(`found  ${url}${place} · 5 operations, 3 with a token`);
    expect(readFileSync(join(at, "openapi.yaml"), "utf8")).toBe(SHOP);
    const config = parseConfig("x", readFileSync(join(at, "deadheat.yaml"), "utf8"), { folder: at, env: {} });
    expect(config).toMatchObject({ target: url, document: join(at, "openapi.yaml") });
  });

  it("the address of the document itself, below a path, and a page that names it", async () => {
    const json = JSON.stringify({ openapi: "3.1.0", info: { title: "x" }, paths: {} });
    const { url } = await serve(
      only({
        "/internal/spec?format=json": json,
        "/shop/openapi.json": json,
        "/ui/": [
          200,
          { "content-type": "text/html" },
          `<script src="swagger-ui.js"></script><script>SwaggerUIBundle({ url: "./my-schema?v=2" })</script>`,
        ],
        "/ui/my-schema?v=2": json,
      }),
    );
    expect((await init(`${url}/internal/spec?format=json`)).out).toContain("/internal/spec?format=json");
    expect((await init(`${url}/shop/`)).out).toContain("/shop/openapi.json");
    const { out, at } = await init(`${url}/ui/`);
    expect(out).toContain("/ui/my-schema?v=2");
    expect(existsSync(join(at, "openapi.json"))).toBe(true);
  });

  it("follows a redirect on the same origin, and none to another", async () => {
    const other = await serve(only({ "/openapi.json": SHOP }));
    const { url } = await serve(
      only({
        "/openapi.json": [302, { location: `${other.url}/openapi.json` }, ""],
        "/schema/": [301, { location: "/real" }, ""],
        "/real": SHOP,
        "/v3/api-docs": [302, { location: "/v3/api-docs" }, ""],
      }),
    );
    expect((await init(url)).out).toContain(`${url}/real`);
    expect(other.asked).toEqual([]);
  });

  it("nothing found: what was tried and what to do; only GET was sent", async () => {
    const { url, asked } = await serve(
      only({
        "/openapi.json": [401, {}, ""],
        "/swagger.json": `{"swagger":"1.2","paths":{}}`,
        "/openapi.yaml": "\u0000: [",
      }),
    );
    const error = await failing(url);
    expect(error.code).toBe("document-missing");
    expect(error.message).toMatch(
      /no OpenAPI 3 document at \d+ usual places \(\/openapi.json, .*\/openapi.json answers 401, \/swagger.json is Swagger 1.2/,
    );
    expect(error.hint).toContain("convert");
    expect(asked.filter((one) => !one.startsWith("GET "))).toEqual([]);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it("nothing listens, or it hangs up", async () => {
    const { url } = await serve((request) => request.socket.destroy());
    expect((await failing(url)).code).toBe("target-unreachable");
    expect((await failing("http://127.0.0.1:1")).code).toBe("target-unreachable");
  });

  it("an address that is not on this machine is not asked", async () => {
    expect((await failing("http://192.0.2.1/openapi.json")).code).toBe("target-not-allowed");
    expect((await failing("http://u:p@127.0.0.1/")).message).not.toContain("u:p");
  });

  it("never overwrites without --force, neither the configuration nor the document", async () => {
    const { url } = await serve(only({ "/openapi.yaml": SHOP }));
    const file = join(folder, "shop.yaml");
    writeFileSync(file, SHOP);
    const { at } = await init(file);
    const output = join(at, "deadheat.yaml");
    writeFileSync(output, "mine");
    expect((await failing(file, { output })).code).toBe("output-exists");
    expect(readFileSync(output, "utf8")).toBe("mine");
    writeFileSync(join(at, "openapi.yaml"), "mine, too");
    expect(await failing(url, { output: join(at, "other.yaml") })).toMatchObject({
      code: "output-exists",
      message: /openapi.yaml is there already/,
    });
    expect(existsSync(join(at, "other.yaml"))).toBe(false);
    await init(url, { output, force: true });
    expect(readFileSync(output, "utf8")).toContain("target: http://127.0.0.1");
    expect(readFileSync(join(at, "openapi.yaml"), "utf8")).toBe(SHOP);
    // The same document again is no loss.
    await init(url, { output: join(at, "third.yaml") });
  });

  it.each([
    ["nowhere.yaml", "document-missing"],
    // A folder is taken for a Django project.
    [".", "usage"],
  ])("a document that is none: %s", async (name, code) => {
    expect((await failing(join(folder, name))).code).toBe(code);
  });

  it("a place that cannot be written", async () => {
    const file = join(folder, "shop.yaml");
    writeFileSync(file, SHOP);
    expect((await failing(file, { output: join(file, "deadheat.yaml") })).code).toBe("output-unwritable");
  });
});
