import type { LabelledDocument } from "./label.ts";

const ORGANIZATION = { organizationId: "POST /orgs" };
const SPACE = { spaceId: "POST /orgs/{organizationId}/spaces" };
const CHANGE = { ...SPACE, changeRequestId: "POST /spaces/{spaceId}/change-requests" };
const COMMENT = { ...SPACE, commentId: "POST /spaces/{spaceId}/comments" };
const COLLECTION = { collectionId: "POST /orgs/{organizationId}/collections" };
const SITE = { ...ORGANIZATION, siteId: "POST /orgs/{organizationId}/sites" };
const TEAM = { ...ORGANIZATION, teamId: "PUT /orgs/{organizationId}/teams" };

export const gitbook: LabelledDocument = {
  source: "@gitbook/api@0.202.0",
  file: "spec/openapi.yaml",
  labels: [
    ["GET /user", "read", null],
    ["GET /users/{userId}", "read", null, { userId: null }],
    ["GET /spaces/{spaceId}", "read", null, SPACE],
    ["PATCH /spaces/{spaceId}", "patch", null, SPACE],
    ["DELETE /spaces/{spaceId}", "delete", null, SPACE],
    ["POST /spaces/{spaceId}/restore", "action", null, SPACE],
    ["POST /spaces/{spaceId}/move", "action", null, SPACE],
    ["GET /spaces/{spaceId}/search", "read", null, SPACE],
    ["DELETE /spaces/{spaceId}/permissions/users/{userId}", "delete", null, { ...SPACE, userId: null }],
    ["GET /spaces/{spaceId}/content/page/{pageId}", "read", null, { ...SPACE, pageId: null }],
    ["POST /spaces/{spaceId}/change-requests", "create", null, SPACE],
    ["GET /spaces/{spaceId}/change-requests/{changeRequestId}", "read", null, CHANGE],
    ["PATCH /spaces/{spaceId}/change-requests/{changeRequestId}", "patch", null, CHANGE],
    ["POST /spaces/{spaceId}/change-requests/{changeRequestId}/merge", "action", null, CHANGE],
    [
      "PUT /spaces/{spaceId}/change-requests/{changeRequestId}/comments/{commentId}",
      "replace",
      null,
      { ...CHANGE, commentId: "POST /spaces/{spaceId}/change-requests/{changeRequestId}/comments" },
    ],
    ["GET /spaces/{spaceId}/revisions/{revisionId}", "read", null, { ...SPACE, revisionId: null }],
    ["POST /spaces/{spaceId}/comments", "create", null, SPACE],
    ["GET /spaces/{spaceId}/comments/{commentId}", "read", null, COMMENT],
    ["DELETE /spaces/{spaceId}/comments/{commentId}", "delete", null, COMMENT],
    [
      "PUT /spaces/{spaceId}/comments/{commentId}/replies/{commentReplyId}",
      "replace",
      null,
      { ...COMMENT, commentReplyId: "POST /spaces/{spaceId}/comments/{commentId}/replies" },
    ],
    ["PATCH /collections/{collectionId}", "patch", null, COLLECTION],
    ["DELETE /collections/{collectionId}", "delete", null, COLLECTION],
    ["POST /collections/{collectionId}/transfer", "action", null, COLLECTION],
    [
      "POST /integrations/{integrationName}/installations/{installationId}/tokens",
      "create",
      "login",
      { installationId: "POST /integrations/{integrationName}/installations" },
    ],
    ["POST /orgs", "create", null],
    ["GET /orgs/{organizationId}", "read", null, ORGANIZATION],
    ["PATCH /orgs/{organizationId}", "patch", null, ORGANIZATION],
    ["DELETE /orgs/{organizationId}/members/{userId}", "delete", null, { ...ORGANIZATION, userId: null }],
    ["PUT /orgs/{organizationId}/teams", "create", null, ORGANIZATION],
    ["GET /orgs/{organizationId}/teams/{teamId}", "read", null, TEAM],
    ["PATCH /orgs/{organizationId}/teams/{teamId}", "patch", null, TEAM],
    ["DELETE /orgs/{organizationId}/teams/{teamId}", "delete", null, TEAM],
    ["POST /orgs/{organizationId}/link-invites", "create", null, ORGANIZATION],
    [
      "DELETE /orgs/{organizationId}/link-invites/{inviteId}",
      "delete",
      null,
      { ...ORGANIZATION, inviteId: "POST /orgs/{organizationId}/link-invites" },
    ],
    ["POST /orgs/{organizationId}/spaces", "create", null, ORGANIZATION],
    ["POST /orgs/{organizationId}/collections", "create", null, ORGANIZATION],
    [
      "DELETE /orgs/{organizationId}/saml/{samlProviderId}",
      "delete",
      null,
      { ...ORGANIZATION, samlProviderId: "POST /orgs/{organizationId}/saml" },
    ],
    [
      "POST /orgs/{organizationId}/translations/{translationId}/run",
      "action",
      null,
      { ...ORGANIZATION, translationId: "POST /orgs/{organizationId}/translations" },
    ],
    [
      "DELETE /orgs/{organizationId}/fonts/{fontId}",
      "delete",
      null,
      { ...ORGANIZATION, fontId: "PUT /orgs/{organizationId}/fonts" },
    ],
    ["PATCH /orgs/{organizationId}/sites/{siteId}", "patch", null, SITE],
    ["POST /orgs/{organizationId}/sites/{siteId}/publish", "action", null, SITE],
    ["POST /orgs/{organizationId}/sites/{siteId}/unpublish", "action", null, SITE],
    [
      "DELETE /orgs/{organizationId}/sites/{siteId}/share-links/{shareLinkId}",
      "delete",
      null,
      { ...SITE, shareLinkId: "POST /orgs/{organizationId}/sites/{siteId}/share-links" },
    ],
    [
      "GET /orgs/{organizationId}/audit-events/{auditEventId}",
      "read",
      null,
      { ...ORGANIZATION, auditEventId: null },
    ],
  ],
};
