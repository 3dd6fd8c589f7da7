import { isNumeric } from "../schema.ts";
import type { Field } from "./fields.ts";

const QUANTITY =
  /(amount|balance|quantity|qty|points?|scores?|credits?|stock|inventory|units|votes?|likes|seats|tickets|funds|budget|coins|minutes|hours|counter|increment|delta|deposit|withdrawal|allowance|wallet)$/;
/** How something is set up, and nothing that is added to: `maximumWindowInMinutes`. */
const SETTING = /^(max|min|limit|default|threshold|timeout|interval|window|duration|reminder|expir)/;
const RUNNING =
  /(balance|total|count|remaining|available|left|used|spent|quantity|qty|stock|points|score|credits|votes|inventory|sum|amountdue)$/;
const LIMIT =
  /^(max|limit|quota|capacity)|(max|limit|quota|capacity|remaining|allowed|available|left|uses|redemptions|usagecount|maxuses)$/;

/** A number that is added to something: an amount, points, stock. */
export function isQuantity(field: Field): boolean {
  return isNumber(field) && QUANTITY.test(field.plain) && !SETTING.test(field.plain);
}

/** A number that sums up what happened: a balance, a count, what is left. */
export function isRunningTotal(field: Field): boolean {
  return isNumber(field) && RUNNING.test(field.plain);
}

/** A number that bounds how often or how much. */
export function isLimit(field: Field): boolean {
  return isNumber(field) && LIMIT.test(field.plain) && !/length|size|items|results|page/.test(field.plain);
}

function isNumber({ type, schema, plain }: Field): boolean {
  if (type === "integer" || type === "number") return true;
  if (type !== "string" || schema.enum !== undefined) return false;
  // Decimals travel as text, often without saying so.
  return isNumeric(schema) || (schema.format === undefined && /^(\w*balance|amountdue)$/.test(plain));
}
