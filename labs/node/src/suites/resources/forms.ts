import { object } from "../../schemas.ts";

/** JSON Schemas of what requests bring, as the API document states them. */
export const text = (maxLength: number, minLength = 1) => ({ type: "string", minLength, maxLength });
export const integer = (minimum: number, maximum: number) => ({ type: "integer", minimum, maximum });
export const ID = { type: "string", pattern: "^[0-9]{1,18}$" };
export const SLUG = { type: "string", minLength: 3, maxLength: 64, pattern: "^[a-z0-9-]+$" };

export const ID_PATH = object({ id: ID });
export const AMOUNT = object({ amount: integer(1, 100) });

export interface WithId {
  readonly id: string;
}
