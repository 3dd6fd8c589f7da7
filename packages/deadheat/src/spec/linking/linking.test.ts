import { describe, expect, it } from "vitest";
import { analysed, gives, takes } from "../../testing/analysed.ts";

type Node = Record<string, unknown>;

function linkOf(paths: Node, consumer: string, parameter: string) {
  const { links, unlinked } = analysed(paths);
  const link = links.find((one) => one.consumer === consumer && one.parameter === parameter);
  return link
    ? `${link.producer} ${link.via}${link.pointer === undefined ? "" : ` ${link.pointer}`}`
    : `none: ${unlinked.find((one) => one.consumer === consumer && one.parameter === parameter)?.reason}`;
}

const made = gives({ id: "string" }, "201");

describe("where the value of a path parameter comes from", () => {
  it("an OpenAPI link goes before all else", () => {
    const links = { read: { operationId: "readKey", parameters: { id: "$response.body#/token" } } };
    const paths = {
      "/keys": { post: made },
      "/mint": { post: { responses: { 201: { description: "", links } } } },
      "/keys/{id}": { get: { operationId: "readKey" } },
    };
    expect(linkOf(paths, "readKey", "id")).toBe("POST /mint openapi-link /token");
  });

  it("a Location header tells without a body", () => {
    const located = {
      responses: { 201: { description: "", headers: { Location: { schema: { type: "string" } } } } },
    };
    expect(linkOf({ "/keys": { post: located }, "/keys/{id}": { get: {} } }, "GET /keys/{id}", "id")).toBe(
      "POST /keys location",
    );
  });

  it("the answer's identifier is found through wrappers, lists and allOf, and not in what is nested", () => {
    const schema = {
      allOf: [
        { type: "object", properties: { owner: { type: "object", properties: { id: { type: "string" } } } } },
        {
          type: "object",
          properties: {
            data: { type: "array", items: { type: "object", properties: { orderId: { type: "integer" } } } },
          },
        },
      ],
    };
    const answer = { responses: { 200: { description: "", content: { "application/json": { schema } } } } };
    const paths = { "/orders": { post: answer }, "/orders/{order_id}": { get: {} } };
    expect(linkOf(paths, "GET /orders/{order_id}", "order_id")).toBe("POST /orders response /data/0/orderId");
  });

  it("a creator whose answer says nothing makes what its path contains", () => {
    expect(
      linkOf({ "/carts": { post: {} }, "/carts/{cart}": { get: {} } }, "GET /carts/{cart}", "cart"),
    ).toBe("POST /carts container");
  });

  it("a name that the caller chooses", () => {
    const paths = {
      "/secrets/{name}": {
        put: { summary: "Create or update a secret", ...takes({ value: "string" }) },
        get: {},
      },
    };
    expect(linkOf(paths, "GET /secrets/{name}", "name")).toBe("PUT /secrets/{name} chosen-name");
    expect(linkOf(paths, "PUT /secrets/{name}", "name")).toMatch(/^none/);
  });

  it("the same kind of object made at another path", () => {
    const paths = {
      "/sites/{siteId}/deploys": { post: { ...made, parameters: [] } },
      "/deploys/{deployId}": { get: {} },
    };
    expect(linkOf(paths, "GET /deploys/{deployId}", "deployId")).toBe(
      "POST /sites/{siteId}/deploys response /id",
    );
  });

  it.each<[string, Node, string, string, RegExp]>([
    [
      "two operations may make one",
      { "/user/repos": { post: made }, "/orgs/{org}/repos": { post: made }, "/repos/{repoId}": { get: {} } },
      "GET /repos/{repoId}",
      "repoId",
      /POST \/user\/repos and POST \/orgs\/\{org\}\/repos may all make one/,
    ],
    [
      "what is nested below the consumer",
      { "/spaces/{spaceId}": { get: {} }, "/spaces/{spaceId}/spaces": { post: made } },
      "GET /spaces/{spaceId}",
      "spaceId",
      /no operation/,
    ],
    [
      "another compound of the word",
      {
        "/orgs/{org}/invitations": { post: made },
        "/user/repository_invitations/{invitation_id}": { get: {} },
      },
      "GET /user/repository_invitations/{invitation_id}",
      "invitation_id",
      /no operation/,
    ],
    [
      "the same word in another parent",
      { "/orgs/{org}/invitations": { post: made }, "/repos/{repo}/invitations/{invitation_id}": { get: {} } },
      "GET /repos/{repo}/invitations/{invitation_id}",
      "invitation_id",
      /no operation/,
    ],
    [
      "an answer without an identifier",
      { "/jobs": { post: gives({ accepted: "boolean" }) }, "/jobs/{id}": { get: {} } },
      "GET /jobs/{id}",
      "id",
      /shows no identifier/,
    ],
    [
      "a POST that makes none",
      {
        "/tokens": { post: { summary: "Update the tokens", ...gives({ id: "string" }) } },
        "/tokens/{id}": { get: {} },
      },
      "GET /tokens/{id}",
      "id",
      /does not seem to make one/,
    ],
    [
      "adding somebody to something",
      {
        "/teams/{team}/users": { post: { operationId: "addUser", ...made } },
        "/users/{userId}": { get: {} },
      },
      "GET /users/{userId}",
      "userId",
      /no operation/,
    ],
  ])("%s: nothing, with the reason", (_name, paths, consumer, parameter, reason) => {
    expect(linkOf(paths, consumer, parameter)).toMatch(reason);
  });

  it("x-deadheat names the maker, or that there is none", () => {
    const paths = (maker: string) => ({
      "/keys": { post: made },
      "/mint": { post: {} },
      "/keys/{id}": { get: { "x-deadheat": { links: { id: maker } } } },
    });
    expect(linkOf(paths("POST /mint"), "GET /keys/{id}", "id")).toBe("POST /mint x-deadheat");
    expect(linkOf(paths("none"), "GET /keys/{id}", "id")).toMatch(/says that nothing makes it/);
    expect(linkOf(paths("POST /no"), "GET /keys/{id}", "id")).toMatch(/names POST \/no, which there is not/);
  });

  it("a token endpoint gives what the refresh takes", () => {
    const { links } = analysed({
      "/auth/login": {
        post: {
          security: [],
          ...takes({ email: "string", password: "string" }),
          ...gives({ token: "string", refresh_token: "string" }),
        },
      },
      "/auth/refresh": {
        post: { security: [], ...takes({ refresh_token: "string" }), ...gives({ token: "string" }) },
      },
    });
    expect(links).toEqual([
      {
        producer: "POST /auth/login",
        consumer: "POST /auth/refresh",
        parameter: "refresh_token",
        place: "body",
        via: "token-endpoint",
      },
    ]);
  });
});
