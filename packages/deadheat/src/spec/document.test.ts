import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeadheatError } from "../errors.ts";
import { parseOpenApi, planDocument } from "./index.ts";

const lab = readFileSync(new URL("../../../../labs/node/openapi.yaml", import.meta.url), "utf8");

function planOf(paths: string, rest = "") {
  return planDocument(
    parseOpenApi(
      "api.yaml",
      `openapi: 3.1.0
info: { title: T, version: "1" }
components:
  securitySchemes:
    token: { type: http, scheme: Bearer }
    key: { type: apiKey, in: header, name: X-Key }
security: [{ token: [] }]
${rest}
paths:
${paths}`,
    ),
  );
}

const names = (plan: ReturnType<typeof planOf>) =>
  plan.candidates.map((one) => `${one.weakness} ${one.act.operation.method} ${one.act.operation.path}`);

const PROFILE = `
  /me:
    get: { responses: { "200": { description: ok, content: { application/json: { schema:
      { type: object, properties: { points: { type: integer } } } } } } } }`;

describe("what a document is turned into", () => {
  it("every operation has its place, its effective security and its words", () => {
    const plan = planOf(`${PROFILE}
  /open:
    post: { security: [], responses: {} }
  /either:
    post: { security: [{}, { token: [] }], responses: {} }
  /both:
    post: { security: [{ token: [], key: [] }], responses: {} }`);
    expect(
      plan.operations.map(({ path, bearer, open, location }) => [path, bearer, open, location.line]),
    ).toEqual([
      ["/me", ["token"], false, 12],
      ["/open", [], true, 15],
      ["/either", ["token"], true, 17],
      // A combination needs more than a bearer token.
      ["/both", [], false, 19],
    ]);
  });

  it("the server's base path is part of every path", () => {
    const plan = planOf(PROFILE, 'servers: [{ url: "https://api.example.com/v2/" }]');
    expect(plan.operations[0]?.path).toBe("/v2/me");
  });

  it("a body sample satisfies bounds, and references, allOf and nullable types are followed", () => {
    const plan = planOf(
      `
  /things:
    post:
      requestBody: { required: true, content: { application/json: { schema: { allOf: [
        { $ref: "#/x-parts/a" },
        { type: object, required: [b], properties: { b: { type: [integer, "null"], exclusiveMinimum: 4, maximum: 9 } } } ] } } } }
      responses: {}`,
      `x-parts: { a: { type: object, required: [name], properties: { name: { type: string, minLength: 12 }, id: { type: string, readOnly: true } } } }`,
    );
    const body = plan.operations[0]?.body;
    expect(body?.sample).toEqual({ b: 5, name: "deadheatxxxx" });
    expect(body?.slots.map((slot) => [slot.pointer, slot.type, slot.minimum, slot.maximum])).toEqual([
      ["/name", "string", undefined, undefined],
      ["/b", "integer", 5, 9],
    ]);
  });
});

describe("what may race", () => {
  const body = (name: string) =>
    `requestBody: { required: true, content: { application/json: { schema: { type: object, required: [${name}], properties: { ${name}: { type: integer } } } } } }`;

  it("lost-update: a change of state whose number a read may show, surest where the names agree", () => {
    const plan = planOf(`${PROFILE}
  /me/points:
    post: { ${body("points")}, responses: {} }`);
    const candidate = plan.candidates.find((one) => one.weakness === "lost-update");
    expect(candidate).toMatchObject({ confidence: "high", act: { observers: [{ path: "/me" }] } });
  });

  it.each([
    ["a read", "get: { responses: {} }"],
    ["a delete", "delete: { responses: {} }"],
    ["an open operation", "post: { security: [], responses: {} }"],
    ["an operation that takes a token or none", "post: { security: [{}, { token: [] }], responses: {} }"],
    ["an operation behind another kind of key", "post: { security: [{ key: [] }], responses: {} }"],
    ["an operation that may move money", "post: { operationId: createPayment, responses: {} }"],
    ["an operation that may send mail", "post: { summary: Send an e-mail, responses: {} }"],
    [
      "an operation with a required parameter and no value for it",
      "post: { parameters: [{ in: query, name: q, required: true, schema: { type: string } }], responses: {} }",
    ],
  ])("does not flag %s", (_name, operation) => {
    expect(names(planOf(`${PROFILE}\n  /thing:\n    ${operation}`))).toEqual([]);
  });

  it("does not flag what no read under the same scheme could show", () => {
    expect(names(planOf("  /thing:\n    post: { responses: {} }"))).toEqual([]);
  });

  it("limit-overrun: surest for an action on an object that can be made, with a documented refusal", () => {
    const plan = planOf(`${PROFILE}
  /vouchers:
    post: { responses: { "201": { description: ok, content: { application/json: { schema: { type: object, properties: { value: { type: integer }, voucher: { type: string } } } } } } } }
  /vouchers/{voucher}/spend:
    post: { parameters: [{ in: path, name: voucher, required: true, schema: { type: string } }], responses: { "409": { description: spent } } }
  /elsewhere/{id}/spend:
    post: { parameters: [{ in: path, name: id, required: true, schema: { type: string } }], responses: {} }`);
    const spend = plan.candidates.filter((one) => one.act.operation.path.endsWith("/spend"));
    expect(spend.map((one) => one.act.operation.path)).not.toContain("/elsewhere/{id}/spend");
    expect(spend.find((one) => one.weakness === "limit-overrun")).toMatchObject({
      confidence: "medium",
      act: {
        links: [{ parameter: "voucher", producer: { path: "/vouchers" }, pointers: ["/voucher", "/value"] }],
      },
    });
  });

  it("revocation-race: against every operation that needs nothing but the token, the likeliest first", () => {
    const plan = planOf(`${PROFILE}
  /me/points:
    post: { ${body("points")}, responses: {} }
  /ping:
    post: { responses: {} }
  /logout:
    post: { responses: {} }
  /things/{id}:
    post: { parameters: [{ in: path, name: id, required: true, schema: { type: string } }], responses: {} }`);
    const candidate = plan.candidates.find(
      (one) => one.weakness === "revocation-race" && one.act.operation.path === "/me/points",
    );
    expect(candidate?.rivals?.map((one) => one.path)).toEqual(["/logout", "/ping"]);
  });
});

describe("documents that nobody meant", () => {
  it("mutated text gives a plan or a DeadheatError, never anything else", () => {
    const lines = lab.split("\n");
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.nat(lines.length - 1), fc.integer({ min: 0, max: 3 }), fc.string({ maxLength: 6 })),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        (edits) => {
          const mutated = [...lines];
          for (const [at, how, text] of edits) {
            const line = mutated[at] ?? "";
            mutated[at] = [text, line + text, line.slice(0, -2), line.replace(/\S/, text)][how] ?? "";
          }
          tolerates(mutated.join("\n"));
        },
      ),
      { numRuns: 75 },
    );
  });

  it("mutated structure, too", () => {
    const document = parseOpenApi("lab", lab).root;
    const values = fc.oneof(
      fc.constantFrom(
        null,
        [],
        {},
        0,
        "",
        true,
        { $ref: "#" },
        { $ref: "#/paths" },
        { allOf: [{ $ref: "#/components" }] },
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }), values, (path, value) => {
        const copy = structuredClone(document) as Record<string, unknown>;
        replaceAt(copy, path, value);
        tolerates(JSON.stringify(copy));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    '{"openapi":"3.1.0","paths":{"__proto__":{"post":{}}}}',
    '{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1a"}}}',
    '{"openapi":{"toString":""},"paths":{}}',
    '{"swagger":{"toString":""}}',
  ])("%s", tolerates);
});

function tolerates(text: string): void {
  try {
    planDocument(parseOpenApi("mutated", text));
  } catch (error) {
    if (!(error instanceof DeadheatError)) throw error;
  }
}

function replaceAt(root: Record<string, unknown>, path: readonly number[], value: unknown): void {
  let holder: Record<string, unknown> = root;
  for (const step of path) {
    const keys = Object.keys(holder);
    const key = keys[step % Math.max(keys.length, 1)];
    if (key === undefined) return;
    const inner = holder[key];
    if (step === path.at(-1) || typeof inner !== "object" || inner === null) {
      holder[key] = value;
      return;
    }
    holder = inner as Record<string, unknown>;
  }
}
