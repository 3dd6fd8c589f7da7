import { describe, expect, it } from "vitest";
import { analysed, gives, json, object, takes } from "../../testing/analysed.ts";

type Node = Record<string, unknown>;

function partOf(method: string, path: string, node: Node, beside: Node = {}) {
  const { operations } = analysed(
    { ...beside, [path]: { ...(beside[path] as Node), [method]: node } },
    basic,
  );
  return operations.find((one) => one.path === path && one.method === method.toUpperCase())?.tokenLifecycle;
}

const open = { security: [] };
/** One text, and no object. */
const text = (where: "answer" | "body") => {
  const content = { "text/plain": { schema: { type: "string" } } };
  return where === "body"
    ? { requestBody: { content } }
    : { responses: { 200: { description: "OK", content } } };
};
/** A body whose tokens are only read. */
const pair = (...names: string[]) => ({
  requestBody: json({
    type: "object",
    properties: {
      ...Object.fromEntries(names.map((name) => [name, { type: "string" }])),
      access: { type: "string", readOnly: true },
      refresh: { type: "string", readOnly: true },
    },
  }),
});
const basic = { components: { securitySchemes: { basic: { type: "http", scheme: "basic" } } } };

describe("the part of an operation in the life of a token", () => {
  it.each<[string, string, string, Node, string]>([
    [
      "a name and a password for a token",
      "post",
      "/x",
      { ...open, ...takes({ email: "string", password: "string" }), ...gives({ access_token: "string" }) },
      "login",
    ],
    [
      "an API key and its secret for a token",
      "post",
      "/x",
      { ...open, ...takes({ api_key: "string", api_secret: "string" }), ...gives({ token: "string" }) },
      "login",
    ],
    [
      "a token endpoint (RFC 6749)",
      "post",
      "/x",
      { ...open, ...takes({ grant_type: "string", code: "string" }), ...gives({ access_token: "string" }) },
      "login",
    ],
    [
      "a session for a password",
      "post",
      "/sessions",
      {
        ...open,
        operationId: "createSession",
        ...takes({ username: "string", password: "string" }),
        ...gives({ id: "string" }),
      },
      "login",
    ],
    [
      "a token that is created",
      "post",
      "/things/{id}/tokens",
      { summary: "Create a token", ...gives({ token: "string" }, "201") },
      "login",
    ],
    [
      "a refresh token for a token",
      "post",
      "/x",
      { ...open, ...takes({ refreshToken: "string" }), ...gives({ accessToken: "string" }) },
      "refresh",
    ],
    [
      "a token for a newer one",
      "post",
      "/token/renewal",
      { ...open, operationId: "renewToken", ...takes({ token: "string" }), ...gives({ token: "string" }) },
      "refresh",
    ],
    ["a logout", "post", "/auth/logout", {}, "revoke"],
    [
      "the end of a token that it takes",
      "post",
      "/oauth/revoke",
      { ...takes({ token: "string" }) },
      "revoke",
    ],
    ["the end of somebody's sessions", "delete", "/users/{id}/sessions", {}, "revoke"],
    [
      "an old password and a new one",
      "post",
      "/x",
      { ...takes({ old_password: "string", new_password: "string" }) },
      "password",
    ],
    [
      "a password that is set",
      "put",
      "/users/{id}/password",
      { ...takes({ password: "string" }) },
      "password",
    ],
    [
      "a code that lets in",
      "post",
      "/auth/otp",
      {
        ...open,
        summary: "Verify a code",
        ...takes({ phone: "string", otp: "string" }),
        ...gives({ token: "string" }),
      },
      "one-time-code",
    ],
    [
      "a token that was mailed, and a new password",
      "post",
      "/password/reset",
      { ...open, ...takes({ token: "string", password: "string" }) },
      "one-time-code",
    ],
    [
      "the sending of a code",
      "post",
      "/password/forgot",
      { ...open, summary: "Forgot password", ...takes({ email: "string" }) },
      "one-time-code",
    ],
    [
      "a link in a mail",
      "get",
      "/verify-email",
      { ...open, parameters: [{ in: "query", name: "token", required: true, schema: { type: "string" } }] },
      "one-time-code",
    ],
    [
      "somebody else's token for one that is the whole answer",
      "post",
      "/authn-jwt/{account}/authenticate",
      { ...open, summary: "Gets a short-lived access token", ...takes({ jwt: "string" }), ...text("answer") },
      "login",
    ],
    [
      "basic credentials for a key",
      "get",
      "/authn/login",
      { security: [{ basic: [] }], ...text("answer") },
      "login",
    ],
    [
      "the renewal of an API key",
      "put",
      "/authn/api_key",
      { summary: "Rotates a role's API key", ...text("answer") },
      "refresh",
    ],
    [
      "a password that is the whole body",
      "put",
      "/authn/password",
      { summary: "Changes a user's password", ...text("body") },
      "password",
    ],
    [
      "a string out of a mail",
      "post",
      "/users/{id}/verify-email",
      { ...open, summary: "Verify a user", ...takes({ verificationString: "string" }) },
      "one-time-code",
    ],
    [
      "a code in the query of a DELETE",
      "delete",
      "/user/mfa",
      {
        summary: "Switch MFA off",
        parameters: [{ in: "query", name: "emergency_code", schema: { type: "string" } }],
      },
      "one-time-code",
    ],
    [
      "the giving of a code",
      "post",
      "/users/{id}/mfa/emergency_code",
      { summary: "Request emergency MFA code", ...gives({ code: "string" }) },
      "one-time-code",
    ],
    [
      "the second step of a login",
      "post",
      "/users/2fa-login",
      { ...open, ...takes({ login_2fa_token: "string", code: "string" }), ...gives({ token: "string" }) },
      "one-time-code",
    ],
    [
      "a code that a device shows",
      "post",
      "/devices/authorize",
      {
        summary: "Authorizes a pending request",
        parameters: [{ in: "query", name: "code", required: true, schema: { type: "string" } }],
      },
      "one-time-code",
    ],
    [
      "a pin that is the whole body",
      "post",
      "/forgot-password/pin",
      { ...open, summary: "Redeems a password pin", ...text("body") },
      "one-time-code",
    ],
    [
      "a key that is a token",
      "post",
      "/users/tokens/",
      gives({ id: "integer", key: "string" }, "201"),
      "login",
    ],
    [
      "a token for signing in, for one that opens the API",
      "post",
      "/users/authenticate-with-app",
      { ...open, ...takes({ token: "string" }), ...gives({ access_token: "string" }) },
      "login",
    ],
    [
      "a refresh token that is the bearer's",
      "post",
      "/security/refresh",
      { description: "Use the refresh token to get another one", ...gives({ access_token: "string" }) },
      "refresh",
    ],
    [
      "the end of users' sessions",
      "post",
      "/users/terminate_sessions",
      { ...takes({ user: "string" }) },
      "revoke",
    ],
    ["a deauthorization", "post", "/devices/deauthorize", { summary: "Deauthorize all devices" }, "revoke"],
    [
      "a pair of tokens (djangorestframework-simplejwt)",
      "post",
      "/api/token/",
      {
        ...open,
        operationId: "token_create",
        ...pair("username", "password"),
        ...gives({ access: "string", refresh: "string" }),
      },
      "login",
    ],
    [
      "the end of a refresh token",
      "post",
      "/api/token/blacklist/",
      { ...open, operationId: "token_blacklist_create", ...takes({ refresh: "string" }) },
      "revoke",
    ],
    [
      "a refresh whose answer nobody described",
      "post",
      "/auth/refresh",
      { operationId: "AuthController_refresh" },
      "refresh",
    ],
    [
      "words that are written together",
      "post",
      "/api/auth/refreshtoken",
      { operationId: "refreshtoken", ...takes({ refreshToken: "string" }) },
      "refresh",
    ],
    [
      "a recovery whose address stands in the path",
      "post",
      "/password-recovery/{email}",
      { ...open, summary: "Recover Password" },
      "one-time-code",
    ],
    ["a login of which nothing is said", "post", "/login", open, "login"],
    [
      "a login of somebody else",
      "post",
      "/partners/login",
      { ...open, ...takes({ partnerLogin: "string", partnerPassword: "string" }) },
      "login",
    ],
    [
      "a token for a password, as one text",
      "post",
      "/customers/token",
      { ...open, ...takes({ username: "string", password: "string" }), ...text("answer") },
      "login",
    ],
    [
      "the renewal of a token that the path names",
      "post",
      "/tokens/{tokenId}/reset",
      { summary: "Reset an access token's secret", ...gives({ token: "string" }) },
      "refresh",
    ],
    [
      "a forgotten password of which nothing else is said",
      "post",
      "/password_forgotten",
      open,
      "one-time-code",
    ],
    ["a logout that names its token", "delete", "/auth/logout/{token}", {}, "revoke"],
    ["what a client was allowed", "delete", "/user/oauth/authorizations/{client_id}", {}, "revoke"],
  ])("%s", (_name, method, path, node, part) => {
    expect(partOf(method, path, node)).toBe(part);
  });

  it.each<[string, string, string, Node]>([
    [
      "a registration",
      "post",
      "/users",
      {
        ...open,
        operationId: "createUser",
        ...takes({ email: "string", password: "string" }),
        ...gives({ id: "string" }, "201"),
      },
    ],
    [
      "a site that has a name and a password among much else",
      "post",
      "/sites",
      takes({
        name: "string",
        password: "string",
        ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}`, "string"])),
      }),
    ],
    [
      "a look at a token",
      "post",
      "/auth/verify",
      { ...open, summary: "Verify a token", ...takes({ token: "string" }), ...gives({ token: "string" }) },
    ],
    [
      "a token of another kind",
      "post",
      "/runners/registration-token",
      { summary: "Create a registration token", ...gives({ token: "string" }, "201") },
    ],
    [
      "a page of results with its token",
      "post",
      "/items/query",
      { ...takes({ pageToken: "string" }), ...gives({ nextPageToken: "string" }) },
    ],
    [
      "sessions of what is no person",
      "delete",
      "/recorders/{id}/sessions/{session}",
      { summary: "Delete a recorder session" },
    ],
    ["the end of an invitation", "post", "/invitations/{id}/revoke", { summary: "Revoke an invitation" }],
    [
      "a password of something else",
      "post",
      "/wifi",
      { summary: "Add a network", ...takes({ ssid: "string", password: "string" }) },
    ],
    [
      "a country code",
      "post",
      "/addresses/verify",
      { summary: "Verify an address", ...takes({ countryCode: "string", postalCode: "string" }) },
    ],
    [
      "a client's secret",
      "post",
      "/identity/verify",
      { summary: "Verify a user", ...takes({ client_id: "string", secret: "string" }) },
    ],
    ["a path with a word in it", "get", "/reports/login-history", {}],
    [
      "a token that opens files",
      "post",
      "/videos/{id}/token",
      {
        summary: "Request a video token",
        responses: {
          200: {
            description: "OK",
            ...json({ type: "object", properties: { files: object({ token: "string" }) } }),
          },
        },
      },
    ],
    ["clicks on a logout", "post", "/events/{id}/logout-clicks", {}],
    ["what follows a logout", "delete", "/logout/{page}", {}],
    ["an upload that is called off", "delete", "/uploads/{token}", { summary: "Cancel an upload" }],
    ["a text about a key", "put", "/keys/{id}/label", { summary: "Rotate a label", ...text("answer") }],
    [
      "what happens in a session",
      "post",
      "/sessions/playing",
      { summary: "Reports that playback has started" },
    ],
    ["the end of a machine's session", "post", "/machines/{id}/end", { summary: "End the session" }],
    [
      "a password of a disk",
      "post",
      "/disks/{id}/password",
      { summary: "Change the password", ...takes({ password: "string" }) },
    ],
    [
      "a passphrase of a network",
      "put",
      "/sites/{id}/psks/{psk}",
      takes({ old_passphrase: "string", passphrase: "string" }),
    ],
    [
      "a confirmation of something",
      "post",
      "/users/{id}/confirmation-of-funds",
      { summary: "Create a confirmation of funds", ...takes({ name: "string" }) },
    ],
    [
      "a message that is sent again",
      "post",
      "/sms/{id}/resend",
      { summary: "Resend", ...takes({ phone: "string" }) },
    ],
    [
      "a guest who is let in no more",
      "post",
      "/sites/{id}/clients/unauthorize",
      { summary: "Unauthorize clients" },
    ],
    ["a cache that is refreshed", "post", "/caches/refresh", { summary: "Refresh" }],
    ["a thing called refresh", "post", "/caches/{id}/refresh", { summary: "Refresh a cache" }],
  ])("%s has none", (_name, method, path, node) => {
    expect(partOf(method, path, node)).toBeNull();
  });

  it("x-deadheat goes before what was inferred", () => {
    expect(partOf("post", "/auth/logout", { "x-deadheat": { lifecycle: "none" } })).toBeNull();
    expect(partOf("post", "/wave", { "x-deadheat": { lifecycle: "revoke" } })).toBe("revoke");
  });
});
