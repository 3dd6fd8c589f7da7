import { describe, expect, it } from "vitest";
import { analysed, gives, json, object, takes } from "../../testing/analysed.ts";

type Node = Record<string, unknown>;

function hinted(paths: Node, rest?: Node): string[] {
  return analysed(paths, rest).candidates.map((one) => `${one.weakness} ${one.operations.join(" + ")}`);
}

const refusing = (status: string) => ({ responses: { [status]: { description: "" } } });
const me = { "/me": { get: gives({ points: "integer", name: "string" }) } };
const accounts = {
  "/accounts": { post: gives({ id: "string" }, "201") },
  "/accounts/{id}": { get: gives({ id: "string", balance: "number" }) },
};

const keyed = { parameters: [{ in: "header", name: "Idempotency-Key", schema: { type: "string" } }] };

describe("what a document hints at", () => {
  it.each<[string, Node, string]>([
    [
      "a number that is written here and read there",
      { ...me, "/me/points": { post: takes({ points: "integer" }) } },
      "lost-update POST /me/points + GET /me",
    ],
    [
      "an amount, and a balance",
      {
        ...accounts,
        "/accounts/{id}/deposits": { post: { summary: "Deposit", ...takes({ amount: "number" }) } },
      },
      "lost-update POST /accounts/{id}/deposits + GET /accounts/{id}",
    ],
    [
      "what is done once, and a refusal",
      { "/coupons/{id}/redeem": { post: refusing("409") } },
      "limit-overrun POST /coupons/{id}/redeem",
    ],
    [
      "what its source is known to add to",
      { ...me, "/me/visits": { post: { "x-deadheat": { accumulates: ["visits"] } } } },
      "lost-update POST /me/visits + GET /me",
    ],
    [
      "what its source is known to spend once",
      { "/seats/{id}": { put: { "x-deadheat": { once: ["taken"] } } } },
      "limit-overrun PUT /seats/{id}",
    ],
    [
      "a code that is spent",
      { "/password/reset": { post: { security: [], ...takes({ token: "string", password: "string" }) } } },
      "single-use-code POST /password/reset",
    ],
    [
      "a refresh",
      {
        "/refresh": {
          post: { security: [], ...takes({ refresh_token: "string" }), ...gives({ token: "string" }) },
        },
      },
      "refresh-reuse POST /refresh",
    ],
    [
      "a logout, and a change under a token",
      { "/logout": { post: {} }, "/me/name": { put: takes({ name: "string" }) } },
      "revocation-race PUT /me/name + POST /logout",
    ],
    [
      "a token that tells its end",
      {
        "/login": {
          post: {
            security: [],
            ...takes({ email: "string", password: "string" }),
            ...gives({ token: "string", expires_in: "integer" }),
          },
        },
        "/me/name": { put: takes({ name: "string" }) },
      },
      "expiry-race PUT /me/name + POST /login",
    ],
    [
      "an object that is given away",
      {
        "/deeds/{id}": { patch: takes({ text: "string" }) },
        "/deeds/{id}/transfer": { post: takes({ new_owner: "string" }) },
      },
      "ownership-race PATCH /deeds/{id} + POST /deeds/{id}/transfer",
    ],
    [
      "a role that is taken",
      {
        "/teams/{id}/notes": { post: takes({ text: "string" }) },
        "/teams/{id}/members/{user}": { patch: takes({ role: "string" }) },
      },
      "demotion-race POST /teams/{id}/notes + PATCH /teams/{id}/members/{user}",
    ],
    [
      "what there is once only",
      {
        "/names": { post: { ...takes({ name: "string" }), ...refusing("409") } },
        "/names/{name}": { get: {} },
      },
      "duplicate-create POST /names",
    ],
    [
      "an Idempotency-Key",
      {
        "/orders": {
          post: { parameters: [{ in: "header", name: "Idempotency-Key", schema: { type: "string" } }] },
        },
      },
      "idempotency-race POST /orders",
    ],
    [
      "from here to there",
      {
        "/transfers": {
          post: {
            ...takes({ from_account: "string", to_account: "string", amount: "number" }),
          },
        },
      },
      "write-skew POST /transfers",
    ],
    [
      "a parent that is taken away",
      {
        "/lists/{id}": { delete: {} },
        "/lists/{id}/items": { post: refusing("404") },
        "/lists/{id}/items/{item}": { get: {} },
      },
      "use-after-delete POST /lists/{id}/items + DELETE /lists/{id}",
    ],
    [
      "a change that is open beside others that are not",
      { "/hooks/{id}": { get: {}, put: { security: [] } } },
      "control-mismatch PUT /hooks/{id}",
    ],
    [
      "a scheme that is not declared",
      { "/a": { post: { security: [{ other: [] }] } } },
      "control-mismatch POST /a",
    ],
  ])("%s", (_name, paths, expected) => {
    expect(hinted(paths)).toContain(expected);
  });

  it("tokens that say for themselves what they allow, once for each scheme", () => {
    const components = {
      securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    };
    expect(hinted({ "/a": { get: {} }, "/b": { get: {} } }, { components })).toEqual([
      "token-unverified GET /a",
    ]);
  });

  it.each<[string, Node, string]>([
    [
      "a write that takes If-Match",
      {
        ...me,
        "/me/points": {
          post: {
            ...takes({ points: "integer" }),
            parameters: [{ in: "header", name: "If-Match", schema: { type: "string" } }],
          },
        },
      },
      "lost-update",
    ],
    [
      "a write of a version",
      { ...me, "/me/points": { post: takes({ points: "integer", version: "integer" }) } },
      "lost-update",
    ],
    ["a number that nothing reads", { "/me/points": { post: takes({ points: "integer" }) } }, "lost-update"],
    [
      "a number that is no quantity",
      { ...me, "/me/year": { post: takes({ year: "integer" }) } },
      "lost-update",
    ],
    [
      "an amount of its own, beside a list of others'",
      {
        "/staff/{id}": {
          get: {
            responses: {
              200: {
                description: "",
                ...json({
                  type: "object",
                  properties: { deposits: { type: "array", items: object({ amount: "number" }) } },
                }),
              },
            },
          },
          patch: takes({ amount: "number" }),
        },
      },
      "lost-update",
    ],
    [
      "how long a window is",
      { "/schedules/{id}": { get: gives({ maxMinutes: "integer" }), put: takes({ maxMinutes: "integer" }) } },
      "lost-update",
    ],
    [
      "a balance that is only read",
      {
        "/accounts/{id}": {
          get: gives({ balance: "number" }),
          put: {
            requestBody: json({
              type: "object",
              properties: { name: { type: "string" }, balance: { type: "number", readOnly: true } },
            }),
          },
        },
      },
      "lost-update",
    ],
    [
      "what is done once, of which no refusal is told",
      { "/coupons/{id}/redeem": { post: {} } },
      "limit-overrun",
    ],
    [
      "an action that may be done as often as one likes",
      { "/videos/{id}/play": { post: refusing("409") } },
      "limit-overrun",
    ],
    [
      "the sending of a code",
      {
        "/password/forgot": {
          post: { security: [], summary: "Forgot password", ...takes({ email: "string" }) },
        },
      },
      "single-use-code",
    ],
    [
      "a logout in an API that changes nothing else",
      { "/logout": { post: {} }, "/me": { get: {} } },
      "revocation-race",
    ],
    [
      "a token that tells no end",
      {
        "/login": {
          post: {
            security: [],
            ...takes({ email: "string", password: "string" }),
            ...gives({ token: "string" }),
          },
        },
        "/me/name": { put: {} },
      },
      "expiry-race",
    ],
    [
      "an owner who is named at the making",
      { "/deeds": { post: takes({ owner: "string" }) }, "/deeds/{id}": { patch: {} } },
      "ownership-race",
    ],
    [
      "a role of nobody in particular",
      { "/teams/{id}": { patch: takes({ role: "string" }) }, "/teams/{id}/notes": { post: {} } },
      "demotion-race",
    ],
    [
      "a creation that nothing says is unique",
      { "/names": { post: takes({ name: "string" }) }, "/names/{id}": { get: {} } },
      "duplicate-create",
    ],
    [
      "a conflict over nothing that has a name",
      {
        "/tasks": { post: { ...takes({ amount: "integer" }), ...refusing("409") } },
        "/tasks/{id}": { get: {} },
      },
      "duplicate-create",
    ],
    [
      "a conflict that all of the API documents",
      Object.fromEntries(
        ["a", "b", "c", "d", "e", "f"].flatMap((one) => [
          [`/${one}s`, { post: { ...takes({ name: "string" }), ...refusing("409") } }],
          [`/${one}s/{id}`, { get: {}, delete: refusing("409") }],
        ]),
      ),
      "duplicate-create",
    ],
    [
      "a key at what may be repeated anyway",
      { "/orders/{id}": { put: keyed, delete: keyed } },
      "idempotency-race",
    ],
    [
      "a request id",
      {
        "/orders": {
          post: { parameters: [{ in: "header", name: "X-Request-Id", schema: { type: "string" } }] },
        },
      },
      "idempotency-race",
    ],
    [
      "a message from one to another",
      { "/messages": { post: takes({ from_account: "string", to_account: "string", text: "string" }) } },
      "write-skew",
    ],
    [
      "a parent that stays",
      { "/lists/{id}": { get: {} }, "/lists/{id}/items": { post: refusing("404") } },
      "use-after-delete",
    ],
    [
      "an API that is open as a whole",
      { "/hooks/{id}": { get: { security: [] }, put: { security: [] } } },
      "control-mismatch",
    ],
    ["tokens of which the document says nothing", { "/a": { get: {} } }, "token-unverified"],
  ])("not at %s", (_name, paths, weakness) => {
    expect(hinted(paths).filter((one) => one.startsWith(weakness))).toEqual([]);
  });

  it("numbers that travel as text", () => {
    const text = (schema: Node) => ({
      "/accounts/{id}": {
        get: {
          responses: {
            200: { description: "", ...json({ type: "object", properties: { balance: schema } }) },
          },
        },
      },
      "/accounts/{id}/withdraw": {
        post: {
          requestBody: json({
            type: "object",
            properties: { amount: { type: "string", format: "decimal" } },
          }),
        },
      },
    });
    const expected = ["lost-update POST /accounts/{id}/withdraw + GET /accounts/{id}"];
    expect(hinted(text({ type: "string", pattern: "^\\d+(\\.\\d+)?$" }))).toEqual(expected);
    expect(hinted(text({ type: "string" }))).toEqual(expected);
    expect(hinted(text({ type: "string", format: "date" }))).toEqual([]);
  });

  it("of a key that all operations take, those that make something are told of, and how many more there are", () => {
    const paths = Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [
        [`/things${n}/{id}/stop`, { post: keyed }],
        [`/things${n}`, { post: keyed }],
        [`/things${n}/{id}`, { get: {} }],
      ]).flat(),
    );
    const told = analysed(paths).candidates.filter((one) => one.weakness === "idempotency-race");
    expect(told.map(({ operations }) => operations[0])).toEqual([
      "POST /things0",
      "POST /things1",
      "POST /things2",
    ]);
    expect(told[0]?.reasons).toContain("17 more operations do, and are not told of");
  });

  it("an access token is not raced against the end of a refresh token, nor under what stands beside the login", () => {
    const paths = {
      "/auth/login": {
        post: {
          security: [],
          ...takes({ name: "string", password: "string" }),
          ...gives({ token: "string" }),
        },
      },
      "/auth/ping-me": { post: {} },
      "/auth/blacklist": {
        post: { security: [], summary: "Blacklist a token", ...takes({ refresh: "string" }) },
      },
      "/auth/logout": { post: {} },
      "/notes/{id}/pin": { post: {} },
    };
    expect(hinted(paths)).toEqual(["revocation-race POST /notes/{id}/pin + POST /auth/logout"]);
  });

  it("every one has a plan or says why not", () => {
    const { candidates } = analysed({
      ...accounts,
      "/accounts/{id}/deposits": {
        parameters: [{ in: "path", name: "id", required: true, schema: { type: "string" } }],
        post: { summary: "Deposit", ...takes({ amount: "number" }) },
      },
      "/wallets/{id}": { get: gives({ balance: "number" }) },
      "/wallets/{id}/deposits": {
        parameters: [{ in: "path", name: "id", required: true, schema: { type: "string" } }],
        post: { summary: "Deposit", ...takes({ amount: "number" }) },
      },
      "/me": { get: gives({ credits: "number" }) },
      "/me/payments": { post: { summary: "Pay", ...takes({ amount: "number" }) } },
    });
    const told = candidates.map((one) => [
      one.operations[0],
      one.plan ? one.plan.requests.map(({ phase, times }) => `${phase} ${times.most}`).join() : one.reason,
    ]);
    expect(told).toEqual([
      ["POST /accounts/{id}/deposits", "set-up 1,race 20,observe 1"],
      ["POST /wallets/{id}/deposits", "names {id}: no operation of the document makes one"],
      ["POST /me/payments", 'may move money: needs --opt-in "POST /me/payments"'],
    ]);
    expect(candidates[0]?.plan).toMatchObject({
      mutationsPerTrial: { least: 3, most: 21 },
      mutations: 1260,
      sideEffect: "changes objects that it made",
    });
  });

  it("x-deadheat takes a candidate away", () => {
    expect(
      hinted({
        ...me,
        "/me/points": {
          post: { ...takes({ points: "integer" }), "x-deadheat": { ignore: ["lost-update"] } },
        },
      }),
    ).toEqual([]);
  });
});
