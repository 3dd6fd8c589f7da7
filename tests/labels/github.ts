import type { LabelledDocument } from "./label.ts";

// Repositories are made by four operations, and nothing says which is meant; users and organisations by none.
const REPOSITORY = { owner: null, repo: null };
const ISSUE = { ...REPOSITORY, issue_number: "POST /repos/{owner}/{repo}/issues" };
const GIST = { gist_id: "POST /gists" };
const RELEASE = { ...REPOSITORY, release_id: "POST /repos/{owner}/{repo}/releases" };
const MILESTONE = { ...REPOSITORY, milestone_number: "POST /repos/{owner}/{repo}/milestones" };
const HOOK = { org: null, hook_id: "POST /orgs/{org}/hooks" };
const ISSUE_COMMENT = {
  ...REPOSITORY,
  comment_id: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
};

export const github: LabelledDocument = {
  source: "@octokit/openapi@23.0.2",
  file: "generated/api.github.com.json",
  labels: [
    ["POST /app-manifests/{code}/conversions", "action", "one-time-code", { code: null }],
    ["GET /app/installations/{installation_id}", "read", null, { installation_id: null }],
    ["POST /app/installations/{installation_id}/access_tokens", "create", "login", { installation_id: null }],
    ["PUT /app/installations/{installation_id}/suspended", "action", null, { installation_id: null }],
    ["DELETE /applications/{client_id}/grant", "delete", "revoke", { client_id: null }],
    ["POST /applications/{client_id}/token", "read", null, { client_id: null }],
    ["PATCH /applications/{client_id}/token", "action", "refresh", { client_id: null }],
    ["DELETE /applications/{client_id}/token", "delete", "revoke", { client_id: null }],
    ["POST /credentials/revoke", "action", "revoke"],
    ["DELETE /installation/token", "delete", "revoke"],
    ["POST /gists", "create", null],
    ["GET /gists/{gist_id}", "read", null, GIST],
    ["PATCH /gists/{gist_id}", "patch", null, GIST],
    ["DELETE /gists/{gist_id}", "delete", null, GIST],
    ["POST /gists/{gist_id}/comments", "create", null, GIST],
    [
      "PATCH /gists/{gist_id}/comments/{comment_id}",
      "patch",
      null,
      { ...GIST, comment_id: "POST /gists/{gist_id}/comments" },
    ],
    ["POST /gists/{gist_id}/forks", "create", null, GIST],
    ["PUT /gists/{gist_id}/star", "action", null, GIST],
    ["DELETE /gists/{gist_id}/star", "delete", null, GIST],
    ["GET /gists/{gist_id}/{sha}", "read", null, { ...GIST, sha: null }],
    ["POST /orgs/{org}/hooks", "create", null, { org: null }],
    ["GET /orgs/{org}/hooks/{hook_id}", "read", null, HOOK],
    ["PATCH /orgs/{org}/hooks/{hook_id}/config", "patch", null, HOOK],
    [
      "GET /orgs/{org}/hooks/{hook_id}/deliveries/{delivery_id}",
      "read",
      null,
      { ...HOOK, delivery_id: null },
    ],
    ["POST /orgs/{org}/hooks/{hook_id}/pings", "action", null, HOOK],
    [
      "DELETE /orgs/{org}/invitations/{invitation_id}",
      "delete",
      null,
      { org: null, invitation_id: "POST /orgs/{org}/invitations" },
    ],
    ["POST /orgs/{org}/actions/runners/registration-token", "create", null, { org: null }],
    ["POST /orgs/{org}/personal-access-tokens", "action", null, { org: null }],
    ["POST /repos/{owner}/{repo}/issues", "create", null, REPOSITORY],
    ["GET /repos/{owner}/{repo}/issues/{issue_number}", "read", null, ISSUE],
    ["PATCH /repos/{owner}/{repo}/issues/{issue_number}", "patch", null, ISSUE],
    ["POST /repos/{owner}/{repo}/issues/{issue_number}/comments", "create", null, ISSUE],
    ["PUT /repos/{owner}/{repo}/issues/{issue_number}/lock", "action", null, ISSUE],
    ["GET /repos/{owner}/{repo}/issues/comments/{comment_id}", "read", null, ISSUE_COMMENT],
    ["DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", "delete", null, ISSUE_COMMENT],
    ["GET /repos/{owner}/{repo}/issues/events/{event_id}", "read", null, { ...REPOSITORY, event_id: null }],
    [
      "DELETE /repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}",
      "delete",
      null,
      { ...ISSUE, reaction_id: "POST /repos/{owner}/{repo}/issues/{issue_number}/reactions" },
    ],
    ["POST /repos/{owner}/{repo}/milestones", "create", null, REPOSITORY],
    ["PATCH /repos/{owner}/{repo}/milestones/{milestone_number}", "patch", null, MILESTONE],
    ["GET /repos/{owner}/{repo}/milestones/{milestone_number}/labels", "read", null, MILESTONE],
    ["POST /repos/{owner}/{repo}/releases", "create", null, REPOSITORY],
    ["POST /repos/{owner}/{repo}/releases/generate-notes", "read", null, REPOSITORY],
    ["GET /repos/{owner}/{repo}/releases/tags/{tag}", "read", null, { ...REPOSITORY, tag: null }],
    ["DELETE /repos/{owner}/{repo}/releases/{release_id}", "delete", null, RELEASE],
    ["POST /repos/{owner}/{repo}/releases/{release_id}/assets", "create", null, RELEASE],
    [
      "PATCH /repos/{owner}/{repo}/releases/assets/{asset_id}",
      "patch",
      null,
      { ...REPOSITORY, asset_id: "POST /repos/{owner}/{repo}/releases/{release_id}/assets" },
    ],
    ["POST /user/keys", "create", null],
    ["GET /user/keys/{key_id}", "read", null, { key_id: "POST /user/keys" }],
    ["DELETE /user/keys/{key_id}", "delete", null, { key_id: "POST /user/keys" }],
    ["PATCH /user/repository_invitations/{invitation_id}", "action", null, { invitation_id: null }],
    ["GET /users/{username}/gists", "read", null, { username: null }],
  ],
};
