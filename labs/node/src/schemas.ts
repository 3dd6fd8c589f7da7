/** JSON Schemas of what requests bring, as the API document states them. */
export const USERNAME = { type: "string", minLength: 3, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" };
const PASSWORD = { type: "string", minLength: 8, maxLength: 128 };

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export const CREDENTIALS = object({ username: USERNAME, password: PASSWORD });
export const SCORE = object({ score: { type: "integer", minimum: 1, maximum: 1000 } });
export const COUPON = object({ value: { type: "integer", minimum: 1, maximum: 100 } });

/** Path parameters; without this a NUL in the path would reach the database, which refuses it. */
export const COUPON_PATH = object({ code: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" } });

/** With all properties required, and no others than those and the optional ones. */
export function object(required: Record<string, object>, optional: Record<string, object> = {}) {
  const properties = { ...required, ...optional };
  return { type: "object", required: Object.keys(required), properties, additionalProperties: false };
}
