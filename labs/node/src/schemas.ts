/** JSON Schemas of what requests bring, as the API document states them. */
const name = { type: "string", minLength: 3, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" };
const password = { type: "string", minLength: 8, maxLength: 128 };

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export const CREDENTIALS = object({ username: name, password });
export const SCORE = object({ score: { type: "integer", minimum: 1, maximum: 1000 } });
export const COUPON = object({ value: { type: "integer", minimum: 1, maximum: 100 } });

/** Path parameters; without this a NUL in the path would reach the database, which refuses it. */
export const COUPON_PATH = object({ code: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" } });

function object(properties: Record<string, object>) {
  return { type: "object", required: Object.keys(properties), properties, additionalProperties: false };
}
