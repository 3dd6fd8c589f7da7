import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { analyse } from "../analyse.ts";
import { JsonPlaces } from "./json-places.ts";
import { lineCounter } from "./lines.ts";
import { loadDocument, parseOpenApi } from "./load.ts";
import { resolve } from "./resolve.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-documents-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const head = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n';
const errorOf = async (path: string) => loadDocument(path).then(String, (error: Error) => error.message);

describe("places", () => {
  it("of JSON: each value is found where it stands, whatever the layout, and at the last of two of one name", () => {
    const layout = fc.constantFrom(0, 1, 2, "\t", "\n  ");
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), layout, (value, indentation) => {
        const text = JSON.stringify(value, null, indentation);
        const places = new JsonPlaces(text);
        for (const [path, inner] of everything(value)) {
          const start = places.valueOf(path);
          const literal = JSON.stringify(inner, null, indentation)[0];
          expect(text[start]).toBe(literal);
          const key = path.at(-1);
          const parent = path.slice(0, -1).reduce<unknown>((at, name) => (at as never)[name], value);
          if (key !== undefined && !Array.isArray(parent))
            expect(text.startsWith(JSON.stringify(key), places.offsetOf(path))).toBe(true);
        }
      }),
    );
    const twice = '{"a": 1, "a": {"b": 2}}';
    expect(new JsonPlaces(twice).offsetOf(["a", "b"])).toBe(twice.indexOf('"b"'));
  });

  it("lines and columns count from 1", () => {
    const position = lineCounter("ab\ncd\n\ne");
    expect([0, 1, 3, 6, 7].map(position)).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
    ]);
  });

  it.each([
    ["JSON", "a.json", '{ "openapi": "3.1.0",\n "paths": { "/a": {\n  "get": {} } } }', 3, 3],
    ["YAML", "a.yaml", `${head}paths:\n  /a:\n    get:\n      summary: A`, 5, 5],
    ["YAML with a merge key", "m.yaml", `${head}x: &x\n  get: {}\npaths:\n  /a:\n    <<: *x`, 4, 3],
  ])("an operation of %s stands at its key", (_name, name, text, line, column) => {
    expect(parseOpenApi(name, text).locate(["paths", "/a", "get"])).toEqual({ file: name, line, column });
  });
});

describe("what documents are written in", () => {
  const text = `${head}paths: { /a: { get: {} } }`;

  it.each([
    ["UTF-8", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16, little-endian", Buffer.from(`\uFEFF${text}`, "utf16le")],
    ["UTF-16, big-endian", Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
  ])("a byte-order mark of %s", async (_name, content) => {
    const document = await loadDocument(file("bom.yaml", content));
    expect(document.locate(["openapi"])).toMatchObject({ line: 1, column: 1 });
  });

  it("Swagger 2.0: base path, security, bodies and answers are those of OpenAPI 3", () => {
    const swagger = {
      swagger: "2.0",
      host: "example.com",
      basePath: "/v1",
      securityDefinitions: { token: { type: "apiKey", in: "header", name: "Authorization" } },
      security: [{ token: [] }],
      definitions: { Key: { type: "object", properties: { id: { type: "string" } } } },
      parameters: { name: { in: "body", name: "b", required: true, schema: { $ref: "#/definitions/Key" } } },
      responses: { made: { description: "made", schema: { $ref: "#/definitions/Key" } } },
      paths: {
        "/keys": {
          post: {
            parameters: [{ $ref: "#/parameters/name" }],
            responses: { 201: { $ref: "#/responses/made" } },
          },
        },
        "/keys/{id}": {
          delete: { parameters: [{ in: "path", name: "id", required: true, type: "string" }], responses: {} },
        },
        "/files": { post: { parameters: [{ in: "formData", name: "f", type: "file" }], responses: {} } },
      },
    };
    const { operations, links, basePath } = analyse(parseOpenApi("s.json", JSON.stringify(swagger)));
    expect(basePath).toBe("/v1");
    expect(operations[0]?.security).toEqual([
      [{ scheme: "token", kind: "apiKey", place: "header Authorization", scopes: [] }],
    ]);
    expect(links).toMatchObject([
      { producer: "POST /v1/keys", consumer: "DELETE /v1/keys/{id}", pointer: "/id" },
    ]);
  });

  it("OpenAPI 3.2: the method QUERY and additional operations", () => {
    const { operations } = analyse(
      parseOpenApi(
        "q.yaml",
        "openapi: 3.2.0\npaths:\n  /a:\n    query: {}\n    additionalOperations:\n      LINK: {}",
      ),
    );
    expect(operations.map(({ method, kind, location }) => [method, kind, location.line])).toEqual([
      ["QUERY", "read", 4],
      ["LINK", "action", 6],
    ]);
  });
});

describe("references", () => {
  it("to other files and back, with siblings, and with the place in the file that holds the operation", async () => {
    file(
      "parts.yaml",
      "Key: { type: object, properties: { id: { $ref: './scalars.json#/Id' }, up: { $ref: 'main.yaml#/components/schemas/Top' } } }",
    );
    file("scalars.json", '{ "Id": { "type": "string" } }');
    file(
      "keys.yaml",
      "\n\npost:\n  responses:\n    '201': { description: ok, content: { application/json: { schema: { $ref: 'parts.yaml#/Key' } } } }",
    );
    const path = file(
      "main.yaml",
      `${head}components: { schemas: { Top: { type: integer } } }\npaths:\n  /keys: { $ref: 'keys.yaml' }\n  /keys/{id}: { delete: {} }`,
    );
    const document = await loadDocument(path);
    const { operations, links, problems } = analyse(document);
    expect(operations[0]?.location).toMatchObject({ file: join(folder, "keys.yaml"), line: 3, column: 1 });
    expect(links).toMatchObject([{ pointer: "/id" }]);
    expect(problems.filter(({ message }) => message.includes("$ref"))).toEqual([]);
    const key = resolve(document, { $ref: "parts.yaml#/Key" }) as { properties: { up: { $ref: string } } };
    expect(resolve(document, key.properties.up)).toEqual({ type: "integer" });
  });

  it("that lead nowhere, to themselves, to a missing file or to another machine: each with its place, and the rest is told", async () => {
    const path = file(
      "broken.yaml",
      `${head}components:
  schemas:
    A: { $ref: '#/components/schemas/B' }
    B: { $ref: '#/components/schemas/A' }
    C: { $ref: '#/nowhere' }
    D: { $ref: 'missing.yaml#/X' }
    E: { $ref: 'https://example.com/x.yaml' }
paths:
  /a: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } } }`,
    );
    const { problems, operations } = analyse(await loadDocument(path));
    expect(operations).toHaveLength(1);
    const told = problems
      .map(({ message, location }) => `${location.line}:${location.column} ${message}`)
      .sort();
    expect(told).toEqual(
      expect.arrayContaining([
        "5:10 $ref #/components/schemas/B: leads to itself",
        "7:10 $ref #/nowhere: leads nowhere",
        "8:10 $ref missing.yaml#/X: missing.yaml does not exist",
        "9:10 $ref https://example.com/x.yaml: is on another machine, and nothing is fetched",
      ]),
    );
  });

  it("to an $anchor lead there, in another file too; the first of a name counts, circles of aliases end", async () => {
    file(
      "anchored.yaml",
      "defs:\n  Key: { $anchor: key, type: object, properties: { id: { $ref: '#id' } } }\n  Id: { $anchor: id, type: string }",
    );
    const main = file(
      "anchors.yaml",
      `${head}paths: {}\ncomponents:\n  schemas:\n    A: &a { $anchor: a, type: integer }\n    B: { $anchor: a, type: boolean }\n    C: { $ref: '#a' }\n    D: { $ref: 'anchored.yaml#key' }\n    E: { $ref: '#none' }`,
    );
    const document = await loadDocument(main);
    expect(resolve(document, { $ref: "#a" })).toMatchObject({ type: "integer" });
    const key = resolve(document, { $ref: "anchored.yaml#key" }) as { properties: { id: { $ref: string } } };
    expect(resolve(document, key.properties.id)).toMatchObject({ type: "string" });
    const problems = analyse(document).problems.map(({ message }) => message);
    expect(problems.filter((one) => one.startsWith("$ref"))).toEqual([
      "$ref #none: is neither a JSON Pointer nor an $anchor",
    ]);
  });

  it("of a document that came from elsewhere read no files", () => {
    const document = parseOpenApi("http.yaml", `${head}paths: {}\nx: { $ref: '/etc/hostname' }`);
    expect(document.broken("/etc/hostname")).toBe("is another file");
  });
});

describe("what nobody meant", () => {
  it.each([
    ["broken YAML", "b.yaml", `${head}paths: [`, /b\.yaml:\d+:\d+: /],
    ["broken JSON", "b.json", '{ "openapi": "3.1.0",\n  "paths": { ] }', /b\.json:2:14: /],
    ["JSON that ends too early", "e.json", '{ "openapi": "3.1.0",', /e\.json:1:\d+: /],
    ["no version", "v.yaml", "paths: {}", /v\.yaml:1:1: not an OpenAPI 3 document/],
    ["an alias bomb", "a.yaml", bomb(), /a\.yaml:\d+:\d+: .*alias/],
  ])("%s: one message with its place", async (_name, name, text, message) => {
    expect(await errorOf(file(name, text))).toMatch(message);
  });

  it("an alias bomb beside its paths: its place, and what can be told of the rest", async () => {
    const text = bomb().replace("paths: {}", "paths: { /a: { get: { responses: {} } } }");
    const { operations, problems } = analyse(
      await loadDocument(file("beside.yaml", text), { tolerant: true }),
    );
    expect(operations.map(({ path }) => path)).toEqual(["/a"]);
    expect(problems[0]?.message).toMatch(/^the alias \*l\d+ stands for too much/);
    expect(problems[0]?.location.line).toBeGreaterThan(4);
  });

  it("a security scheme that is named by a reference (OpenAPI 3.2)", () => {
    const document = parseOpenApi(
      "api.yaml",
      `openapi: 3.2.0
info: { title: T, version: "1" }
components: { securitySchemes: { token: { type: http, scheme: bearer } } }
security: [{ "#/components/securitySchemes/token": [read] }]
paths: { /a: { post: { responses: {} } } }`,
    );
    const { operations, candidates } = analyse(document);
    expect(operations[0]?.security).toEqual([
      [{ scheme: "token", kind: "bearer", place: "header authorization", scopes: ["read"] }],
    ]);
    expect(candidates).toEqual([]);
  });

  it("the place of a member of which there are two is that of the last, and what stands behind is found", () => {
    const text =
      '{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{"/a":{}},\n"paths":{"/a":\n{"get":{}}},\n"tags":[]}';
    const document = parseOpenApi("api.json", text);
    expect(document.locate(["paths", "/a", "get"])).toMatchObject({ line: 3, column: 2 });
    expect(document.locate(["tags"])).toMatchObject({ line: 4, column: 1 });
    expect(document.locate([])).toMatchObject({ line: 1, column: 1 });
    expect(document.locate(["info", "title"])).toMatchObject({ line: 1, column: 28 });
  });

  it("broken YAML of which something is left: the mistake, and what can be told of the rest", async () => {
    const path = file(
      "half.yaml",
      `${head}paths:\n  /a:\n    post: { responses: {} }\n  /b:\n    get: { responses: {} }\n    get: { responses: {} }\n`,
    );
    const { operations, problems, broken } = analyse(await loadDocument(path, { tolerant: true }));
    expect(operations.map(({ path: template }) => template)).toEqual(["/a", "/b"]);
    expect(broken).toBe(true);
    expect(problems[0]).toMatchObject({
      message: expect.stringContaining("unique"),
      location: { line: 8, column: 5 },
    });
  });

  it("200 MB of YAML are refused before they are read", async () => {
    const path = file("large.yaml", head);
    truncateSync(path, 200_000_000);
    expect(await errorOf(path)).toMatch(/large\.yaml:1:1: 200 MB are too much for a YAML document/);
  });

  it("keys called __proto__, and objects called toString", () => {
    const text = `{"openapi":"3.1.0","paths":{"__proto__":{"post":{"parameters":[{"in":"query","name":"__proto__","required":true,"example":1}],
      "requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["__proto__"],"properties":{"__proto__":{"type":"integer"}}}}}}}}}}`;
    const { operations } = analyse(parseOpenApi("p.json", text));
    expect(operations.map(({ path }) => path)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).post).toBeUndefined();
  });

  it("two operations of one name: both are told, the second by its place, and the name is told as a problem", () => {
    const { operations, problems } = analyse(
      parseOpenApi(
        "two.yaml",
        `${head}paths:\n  /a: { get: { operationId: x } }\n  /b: { get: { operationId: x } }`,
      ),
    );
    expect(operations.map(({ id }) => id)).toEqual(["x", "GET /b"]);
    expect(problems).toContainEqual({
      message: "operationId x: also that of GET /a",
      location: { file: "two.yaml", line: 5, column: 9 },
    });
  });

  it("no servers and no security: said, with a place", () => {
    const { problems, basePath } = analyse(parseOpenApi("n.yaml", `${head}paths: { /a: { post: {} } }`));
    expect(basePath).toBe("");
    expect(problems.map(({ message, location }) => [message.split(":")[0], location.line])).toEqual([
      ["no servers", 1],
      ["no security schemes", 1],
    ]);
  });
});

function bomb(): string {
  const lines = Array.from(
    { length: 12 },
    (_, n) =>
      `l${n}: &l${n} [${
        n === 0
          ? "x"
          : Array(9)
              .fill(`*l${n - 1}`)
              .join(",")
      }]`,
  );
  return `${head}paths: {}\n${lines.join("\n")}`;
}

function everything(value: unknown, path: string[] = []): [string[], unknown][] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [[path, value], ...inner.flatMap(([key, one]) => everything(one, [...path, key]))];
}
