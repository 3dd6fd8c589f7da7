import { CREDENTIALS, type Credentials, object, USERNAME } from "../../schemas.ts";

/** JSON Schemas of what requests bring, as the API document states them. */
const text = (maxLength: number, minLength = 1) => ({ type: "string", minLength, maxLength });
const integer = (maximum: number) => ({ type: "integer", minimum: 1, maximum });
const ID = { type: "string", pattern: "^[0-9]{1,18}$" };
const UUID = { type: "string", pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" };

export interface SessionForm extends Credentials {
  /** Seconds until the access token expires. */
  readonly ttl?: number;
}
const { username, password } = CREDENTIALS.properties as Record<"username" | "password", object>;
export const SESSION = object({ username, password }, { ttl: integer(3600) });

export const REFRESH = object({ refresh_token: text(128) });
export const CODE_REQUEST = object({ username: USERNAME });
export const CODE = object({ code: { type: "string", pattern: "^[0-9]{6}$" } });
export const CODE_PATH = object({ id: UUID });

export const POINTS = object({ points: integer(1000) });
export const STAMPS = object({ stamps: integer(1000) });
export const ABOUT = object({ about: text(2000, 0) });

export const TEAM = object({ name: text(100) });
export const TEAM_PATH = object({ team: ID });
export const BUDGET = object({ amount: integer(1000) });
export const ROLE = object({ role: { type: "string", enum: ["member", "manager"] } });
export const MEMBER_PATH = object({ team: ID, user: ID });

export const DOCUMENT = object({ title: text(200), content: text(10_000, 0) });
export const DOCUMENT_PATH = object({ id: ID });
export const CONTENT = object({ content: text(10_000, 0) });
export const TRANSFER = object({ to: ID });

export const DEPOSIT = object({ amount: integer(100) });
/** Header fields that are not named may be sent. */
export const IDEMPOTENCY_HEADER = {
  type: "object",
  required: ["idempotency-key"],
  properties: { "idempotency-key": { type: "string", pattern: "^[!-~]{1,255}$" } },
};
