// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what race files are made of
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeadheatError } from "../../errors.ts";
import { parseRace, raceFrom } from "./load.ts";
import { raceJsonSchema } from "./schema.ts";

const surroundings = { folder: "/", env: { KEY: "k3y" }, principals: [], mail: false };
const parse = (text: string) => parseRace("race.yaml", text, surroundings);

const GOOD = `target: http://127.0.0.1:8000
principals:
  alice:
    token: { env: KEY }
setUp:
  - as: alice
    request: POST /items
    json: { stock: 3 }
    extract: { item: $.id }
concurrent:
  - as: alice
    name: buy
    request: POST /items/\${item}/buy
    count: 2
    extract: { order: $.order }
observe:
  - as: alice
    request: GET /items/\${item}
    extract: { stock: $.stock }
invariant: after.stock >= 0
cleanUp:
  - as: alice
    request: DELETE /orders/\${order}
`;

/** The message for GOOD with one text in it replaced. */
function messageFor(from: string, to: string): string {
  expect(GOOD).toContain(from);
  try {
    parse(GOOD.replace(from, to));
    return "none";
  } catch (error) {
    if (!(error instanceof DeadheatError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.message;
  }
}

describe("a race file", () => {
  it("is read with its defaults", () => {
    const scenario = parse(GOOD);
    expect(scenario).toMatchObject({
      name: "buy",
      source: "race.yaml",
      visibilityMs: 0,
      setUp: [{ place: "race.yaml:6:5: setUp.0", extract: { item: "$.id" }, token: 1 }],
      concurrent: [{ name: "buy", count: 2, offsetMs: [0, 0] }],
      expectation: { kind: "invariant", invariants: [{ place: "race.yaml:20:12: invariant" }] },
    });
  });

  it.each([
    ["concurrent:", "concurent:", "race.yaml:10:1: concurent: unknown key; did you mean concurrent?"],
    ["    count: 2", "    cuont: 2", "race.yaml:14:5: concurrent.0.cuont: unknown key; did you mean count?"],
    [
      "  - as: alice\n    name",
      "  - as: alise\n    name",
      "race.yaml:11:9: concurrent.0.as: no such principal; did you mean alice?",
    ],
    [
      "/items/${item}/buy",
      "/items/${itme}/buy",
      "race.yaml:13:14: concurrent.0.request: ${itme}: unknown variable; did you mean ${item}?",
    ],
    ["    count: 2\n", "", "race.yaml:11:3: concurrent: is one request: two or more can race"],
    ["count: 2", "count: 21", "race.yaml:14:12: concurrent.0.count: must be at most 20"],
    [
      "{ stock: $.stock }",
      "{ stock: stock }",
      "race.yaml:19:23: observe.0.extract.stock: is not a JSONPath such as $.access_token (RFC 9535), from character 1 on",
    ],
    [
      "{ order: $.order }",
      "{ status: $.order }",
      "race.yaml:15:24: concurrent.0.extract.status: is taken: answers have that already",
    ],
    [
      "after.stock >= 0",
      "after.stock >=",
      "race.yaml:20:12: invariant: is not a JSONata expression, from character 14 on (S0207)",
    ],
    ["invariant: after.stock >= 0\n", "", "race.yaml:1:1: says nothing that has to be true"],
    [
      "invariant: after.stock >= 0",
      "model: limt:1",
      "race.yaml:20:8: model: no such model; did you mean limit:K?",
    ],
    [
      "invariant: after.stock >= 0",
      "model: counter",
      "race.yaml:20:8: model: needs operation: at each request and read; there is none at race.yaml:11:5",
    ],
    [
      "    count: 2",
      "    count: 2\n    offsetMs: [5, 1]",
      "race.yaml:15:15: concurrent.0.offsetMs: ends before it begins",
    ],
    [
      "POST /items\n",
      "POST http://elsewhere.test/items\n",
      "race.yaml:7:14: setUp.0.request: is not a method and a path of the target such as POST /orders",
    ],
    [
      "{ env: KEY }",
      "eyJhbGciOiJIUzI1NiJ9.e30.x",
      "race.yaml:4:12: principals.alice.token: a secret does not belong in this file",
    ],
    [
      "{ env: KEY }",
      "{ env: NONE }",
      "race.yaml:4:12: principals.alice.token: the environment variable NONE is not set",
    ],
    ["json: { stock: 3 }", "json: { stock: 3", "race.yaml:9:5: "],
    [
      "DELETE /orders/${order}",
      "DELETE /orders/${stock}",
      "race.yaml:23:14: cleanUp.0.request: ${stock}: unknown variable",
    ],
  ])("with %j made %j says where", (from, to, message) => {
    expect(messageFor(from, to)).toContain(message);
  });

  it("may state a model, and an operation that it does not know is a mistake at once", () => {
    const modelled = GOOD.replace("invariant: after.stock >= 0", "model: limit:1")
      .replace("    count: 2", "    count: 2\n    operation: { input: { type: take } }")
      .replace(
        "{ stock: $.stock }",
        "{ stock: $.stock }\n    operation: { input: { type: look }, output: stock }",
      );
    expect(() => parse(modelled)).toThrowError(
      /race.yaml:22:8: model: does not know the operation at race.yaml:18:5: observe.0/,
    );
    expect(parse(modelled.replace("type: look", "type: read")).expectation).toMatchObject({
      model: "limit:1",
    });
  });

  it("that is empty, or whatever else, is a message and never a crash", () => {
    expect(() => parse("")).toThrowError("race.yaml: the file is empty");
    const places = [...GOOD.matchAll(/\S+/g)].map((match) => match.index);
    const mutation = fc.tuple(
      fc.constantFrom(...places),
      fc.nat(30),
      fc.oneof(
        fc.string(),
        fc.constantFrom("[]", "{}", "null", "~", "-1", "&a *a", "${x}", ": ", "\n  - ", "'", "!!js", "1e999"),
      ),
    );
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let text = GOOD;
        for (const [at, length, put] of mutations) text = text.slice(0, at) + put + text.slice(at + length);
        try {
          parse(text);
        } catch (error) {
          if (!(error instanceof DeadheatError)) throw error;
          expect(error.message).toMatch(/^race\.yaml/);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("that a program states is checked alike: paths in place of lines", () => {
    const value = {
      concurrent: ["POST /a", "POST /b"],
      observe: [{ request: "GET /a", extract: { a: "$.a" } }],
    };
    const say = (more: object) => () => raceFrom({ ...value, ...more }, surroundings);
    expect(say({ invariant: () => true })().expectation).toMatchObject({
      invariants: [{ text: "the function" }],
    });
    expect(say({ invarient: "true" })).toThrowError(
      "race(): invarient: unknown key; did you mean invariant?",
    );
    expect(say({ invariant: 3 })).toThrowError(
      "race(): invariant: expected a text or a list, found a number",
    );
    fc.assert(
      fc.property(fc.object({ maxDepth: 4 }), fc.jsonValue(), (object, json) => {
        for (const odd of [
          object,
          { ...value, concurrent: json },
          { ...value, principals: json, invariant: "true" },
        ])
          try {
            raceFrom(odd, surroundings);
          } catch (error) {
            if (!(error instanceof DeadheatError)) throw error;
          }
      }),
      { numRuns: 100 },
    );
  });

  it("is what docs/race.md shows", () => {
    const page = readFileSync(new URL("../../../../../docs/race.md", import.meta.url), "utf8");
    const [shown = ""] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1]);
    expect(parse(shown ?? "").concurrent).toMatchObject([{ name: "buy", count: 2 }]);
    // Each key of the file is explained, by its name at the beginning of a row.
    const { properties } = raceJsonSchema() as { properties: object };
    for (const key of Object.keys(properties)) expect(page).toContain(`\n| \`${key}\` |`);
  });

  it("is completed by editors: every key is described, and no other is allowed", () => {
    const schema = raceJsonSchema() as {
      properties: Record<string, { description?: string }>;
      additionalProperties: boolean;
    };
    expect(schema.additionalProperties).toBe(false);
    for (const [key, { description }] of Object.entries(schema.properties))
      expect(description, key).toBeTruthy();
  });
});
