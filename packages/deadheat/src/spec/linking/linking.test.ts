import { describe, expect, it } from "vitest";
import { analysed, gives, json, object, takes } from "../../testing/analysed.ts";

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

  it("a format at the end of a path is no part of it", () => {
    const paths = {
      "/posts.json": { post: made },
      "/posts/{id}.json": { get: {} },
      "/posts/{id}/likes.json": { get: {} },
    };
    expect(linkOf(paths, "GET /posts/{id}.json", "id")).toBe("POST /posts.json response /id");
    expect(linkOf(paths, "GET /posts/{id}/likes.json", "id")).toBe("POST /posts.json response /id");
  });

  it("the one object that an answer holds is what it is about, and one of several is not", () => {
    const holds = (...names: string[]) => ({
      responses: {
        200: {
          description: "OK",
          ...json({
            type: "object",
            properties: Object.fromEntries(names.map((one) => [one, object({ id: "string" })])),
          }),
        },
      },
    });
    const read = { "/videos/live/{id}": { get: {} } };
    expect(linkOf({ "/videos/live": { post: holds("video") }, ...read }, "GET /videos/live/{id}", "id")).toBe(
      "POST /videos/live response /video/id",
    );
    expect(
      linkOf({ "/videos/live": { post: holds("video", "owner") }, ...read }, "GET /videos/live/{id}", "id"),
    ).toBe("none: the answer of POST /videos/live shows no identifier");
  });

  it("what is made at a path that only says so", () => {
    const paths = {
      "/registrations/request": { post: { summary: "Request a registration", ...gives({ id: "string" }) } },
      "/registrations/{id}": { delete: {} },
      "/registrations/{registrationId}/accept": { post: {} },
    };
    expect(linkOf(paths, "POST /registrations/{registrationId}/accept", "registrationId")).toBe(
      "POST /registrations/request response /id",
    );
  });

  it("a name that only one maker shows or takes, wherever it is used", () => {
    const paths = {
      "/shares": { post: { ...gives({ id: "string", accessKey: "string" }, "201") } },
      "/public/shares/{access_key}": { get: {} },
      "/users": { post: { ...takes({ username: "string" }), ...gives({ user_id: "integer" }, "201") } },
      "/avatars/{username}": { get: {} },
      "/avatars/{share_id}": { get: {} },
    };
    expect(linkOf(paths, "GET /public/shares/{access_key}", "access_key")).toBe(
      "POST /shares response /accessKey",
    );
    expect(linkOf(paths, "GET /avatars/{username}", "username")).toBe("POST /users request /username");
    expect(linkOf(paths, "GET /avatars/{share_id}", "share_id")).toMatch(/^none/);
  });

  it("the token of a logout is that of the only login, and the token of a download is not", () => {
    const login = { ...takes({ username: "string", password: "string" }), ...gives({ token: "string" }) };
    const paths = {
      "/auth/login": { post: login },
      "/auth/logout/{token}": { delete: {} },
      "/downloads/{token}": { get: {} },
      "/uploads/{token}": {
        put: { summary: "Complete an upload", ...takes({ name: "string" }), ...made },
        delete: {},
      },
    };
    expect(linkOf(paths, "DELETE /auth/logout/{token}", "token")).toBe(
      "POST /auth/login token-endpoint /token",
    );
    expect(linkOf(paths, "GET /downloads/{token}", "token")).toMatch(/^none/);
    expect(linkOf(paths, "DELETE /uploads/{token}", "token")).toMatch(/^none/);
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
