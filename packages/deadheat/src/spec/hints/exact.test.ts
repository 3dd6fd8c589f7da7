import { describe, expect, it } from "vitest";
import { analysed, gives, json, object, takes } from "../../testing/analysed.ts";

type Node = Record<string, unknown>;

function hinted(weakness: string, paths: Node): string[] {
  return analysed(paths).candidates.flatMap((one) =>
    one.weakness === weakness ? [one.operations.join(" + ")] : [],
  );
}

const text = { type: "string" };
const inside = (name: string, properties: Record<string, string>) => ({
  type: "object",
  properties: { [name]: object(properties) },
});
const listed = {
  responses: {
    200: {
      description: "",
      ...json({
        type: "object",
        properties: { items: { type: "array", items: object({ id: "string", quantity: "integer" }) } },
      }),
    },
  },
};
const item = takes({ item: "string", quantity: "integer" });
const taken = { responses: { 409: { description: "Conflict: the resource already exists" } } };
const person = takes({ account_id: "string" });

describe("what looks alike, and is told apart", () => {
  it("an item that is added to a list, and the number of one that is set", () => {
    const paths = {
      "/cart": { get: listed },
      "/cart/add_item": { post: item },
      "/cart/update_quantity": { post: item },
    };
    expect(hinted("lost-update", paths)).toEqual(["POST /cart/add_item + GET /cart"]);
  });

  it("a refund of a payment, and a comment in whose body the votes of its issue are nested", () => {
    const paths = {
      "/payments/{id}": { get: gives({ amount: "number" }) },
      "/payments/{id}/refunds": { post: takes({ amount: "number" }) },
      "/issues/{id}": { get: gives({ votes: "integer" }) },
      "/issues/{id}/comments": {
        post: { requestBody: json(inside("issue", { votes: "integer" })), ...gives({ id: "string" }, "201") },
      },
    };
    expect(hinted("lost-update", paths)).toEqual(["POST /payments/{id}/refunds + GET /payments/{id}"]);
  });

  it("a refusal of duplicates, and one that a template has put at reads as well", () => {
    const names = {
      "/names": { post: { ...takes({ amount: "integer" }), ...taken } },
      "/names/{id}": { get: {} },
    };
    expect(hinted("duplicate-create", names)).toEqual(["POST /names"]);
    expect(hinted("duplicate-create", { ...names, "/names/{id}": { get: taken } })).toEqual([]);
  });

  it("one change that is left open, and a document that says nothing of any change", () => {
    const guarded = { get: {}, put: {}, delete: {} };
    const openAt = (name: string) => ({ [`/${name}/{id}`]: { get: {}, put: { security: [] } } });
    const one = { "/a/{id}": guarded, "/b/{id}": guarded, ...openAt("c") };
    expect(hinted("control-mismatch", one)).toEqual(["PUT /c/{id}"]);
    const all = { ...openAt("c"), ...openAt("d"), ...openAt("e"), "/a/{id}": { get: {}, put: {} } };
    const [told, ...others] = analysed(all).candidates.filter((it) => it.weakness === "control-mismatch");
    expect([told?.operations, others]).toEqual([["PUT /c/{id}"], []]);
    expect(told?.reasons.join()).toContain("so do 2 more");
  });

  it("an object that is transferred, and objects that are called transfers", () => {
    const named = (operationId: string) => ({ operationId, ...person });
    const flat = { get: {}, patch: { operationId: "transferConfigs.patch", ...person } };
    const configs = {
      "/{parent}/transferConfigs": { post: named("transferConfigs.create") },
      "/{parent}/transferConfigs/{id}": flat,
    };
    expect(hinted("ownership-race", configs)).toEqual([]);
    for (const paths of [
      { "/deeds/{id}": { patch: {} }, "/deeds/{id}/transfer": { post: person } },
      { "/deeds/{id}": { patch: {} }, "/deeds/{id}/owner": { put: { summary: "Change owner", ...person } } },
      { "/deeds/{id}": { patch: {} }, "/deeds/{id}/give-ownership": { post: person } },
    ])
      expect(hinted("ownership-race", paths)).toHaveLength(1);
  });

  it("a PIN code, and the code of a post office", () => {
    const post = (properties: Record<string, string>) => ({
      "/accounts/verify": { post: { security: [], summary: "Verify account", ...takes(properties) } },
    });
    expect(hinted("single-use-code", post({ pincode: "string" }))).toEqual(["POST /accounts/verify"]);
    expect(hinted("single-use-code", post({ pincode: "string", district: "string" }))).toEqual([]);
  });

  it("keys that three of many operations take: of one in ten", () => {
    const keyed = { parameters: [{ in: "header", name: "Idempotency-Key", schema: text }] };
    const paths = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`/things${n}`, n < 3 ? { post: keyed } : { get: {} }]),
    );
    expect(hinted("idempotency-race", paths)).toEqual(["POST /things0"]);
  });
});
