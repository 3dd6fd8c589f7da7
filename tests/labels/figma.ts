import type { LabelledDocument } from "./label.ts";

export const figma: LabelledDocument = {
  source: "@figma/rest-api-spec@0.43.0",
  file: "openapi/openapi.yaml",
  labels: [
    ["GET /v1/files/{file_key}", "read", null, { file_key: null }],
    ["GET /v1/teams/{team_id}/projects", "read", null, { team_id: null }],
    ["GET /v1/projects/{project_id}/files", "read", null, { project_id: null }],
    ["POST /v1/files/{file_key}/comments", "create", null, { file_key: null }],
    [
      "DELETE /v1/files/{file_key}/comments/{comment_id}",
      "delete",
      null,
      { file_key: null, comment_id: "POST /v1/files/{file_key}/comments" },
    ],
    [
      "GET /v1/files/{file_key}/comments/{comment_id}/reactions",
      "read",
      null,
      { file_key: null, comment_id: "POST /v1/files/{file_key}/comments" },
    ],
    ["GET /v1/me", "read", null],
    ["GET /v1/components/{key}", "read", null, { key: null }],
    ["GET /v1/styles/{key}", "read", null, { key: null }],
    ["POST /v2/webhooks", "create", null],
    ["GET /v2/webhooks/{webhook_id}", "read", null, { webhook_id: "POST /v2/webhooks" }],
    ["PUT /v2/webhooks/{webhook_id}", "replace", null, { webhook_id: "POST /v2/webhooks" }],
    ["DELETE /v2/webhooks/{webhook_id}", "delete", null, { webhook_id: "POST /v2/webhooks" }],
    ["GET /v2/webhooks/{webhook_id}/requests", "read", null, { webhook_id: "POST /v2/webhooks" }],
    ["POST /v1/developer_logs", "read", null],
    ["POST /v1/dev_resources", "create", null],
    ["PUT /v1/dev_resources", "replace", null],
    [
      "DELETE /v1/files/{file_key}/dev_resources/{dev_resource_id}",
      "delete",
      null,
      { dev_resource_id: "POST /v1/dev_resources" },
    ],
    ["GET /v1/analytics/libraries/{file_key}/style/usages", "read", null, { file_key: null }],
  ],
};
