import { expect, it } from "vitest";
import { analysed, gives, takes } from "../../testing/analysed.ts";

type Node = Record<string, unknown>;

const kindOf = (path: string, post: Node, beside: Node = {}) =>
  analysed({ ...beside, [path]: { post } }).operations.find(
    (one) => one.path === path && one.method === "POST",
  )?.kind;

it.each<[string, string, Node, Node, string]>([
  [
    "what a generator calls _create behind the path of an action",
    "/accounts/{id}/withdraw/",
    { operationId: "accounts_withdraw_create", ...takes({ amount: "string" }), ...gives({ id: "integer" }) },
    {},
    "action",
  ],
  [
    "the same, where a new object is answered",
    "/feedback/",
    { operationId: "feedback_create", ...gives({ id: "integer" }, "201") },
    {},
    "create",
  ],
  ["what its author called so", "/api/v2/x", { operationId: "accounts_create" }, {}, "create"],
  ["a look at a token", "/login/test-token", { summary: "Test token" }, {}, "read"],
  ["a registration", "/users/register", { operationId: "registerUser" }, {}, "create"],
  [
    "a policy that is assigned",
    "/assignments",
    { summary: "Assign a policy", ...gives({ id: "string" }, "201") },
    { "/assignments/{id}": { get: {} } },
    "create",
  ],
  [
    "what is posted to get a token",
    "/auth/token",
    { summary: "Get access token", ...takes({ grant_type: "string" }) },
    {},
    "action",
  ],
  [
    "codes that are sent",
    "/reset",
    { summary: "Request password reset", ...takes({ email: "string" }) },
    { "/reset/{token}": { put: {} } },
    "action",
  ],
])("%s", (_name, path, post, beside, expected) => {
  expect(kindOf(path, post, beside)).toBe(expected);
});
