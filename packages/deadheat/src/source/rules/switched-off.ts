import { type Effect, precedes } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { columnOf, type Query } from "../effects/values.ts";
import { coveredByUnique, isIntegrityHandled, sameTable } from "./creation.ts";
import { madeInPlace } from "./made-anew.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `cart.payments.filter(active=True).update(active=False)`, then a payment is made that is active: of several, one is to
 * be in force. Two requests both switch off those that were there, and both make one: two are.
 */
export function* switchedOff({ effects, program: { models } }: RuleContext): Generator<Candidate> {
  for (const made of effects) {
    if (!/^(create|get-or-create)$/.test(made.kind) || made.loop > 0 || isIntegrityHandled(made)) continue;
    const off = effects.find(
      (one) =>
        one.kind === "update" && precedes(one, made) && isReplacedBy(one, made) && isForTheSame(one, made),
    );
    if (!off || protects(queryProtection(effects, off, made))) continue;
    if (off.query?.locked || coveredByUnique(models, made, off)) continue;
    yield madeInPlace(made, off, {
      message: "the rows in force are switched off, then a new one is made: two requests leave two in force",
      because: "nothing makes a second request wait between the update and the insert",
    });
  }
}

/**
 * `filter(active=True).update(active=False)`, and what is made is given `active=True`. (One that is made to wait its turn
 * is not in force; what it is where nothing is given, its table says.)
 */
function isReplacedBy({ query, fields }: Effect, made: Effect): boolean {
  return [...(fields?.values() ?? [])].some(({ name, value }) => {
    if (value.kind !== "scalar" || typeof value.literal !== "boolean") return false;
    return askedFor(query, name) === !value.literal && givenTo(made, name) === !value.literal;
  });
}

function askedFor(query: Query | undefined, column: string): unknown {
  const found = query?.filters.find((one) => !one.exclude && columnOf(one.lookup) === columnOf(column));
  return found?.value.kind === "scalar" ? found.value.literal : undefined;
}

function givenTo({ fields, query }: Effect, column: string): unknown {
  const value = fields?.get(column)?.value;
  return value?.kind === "scalar" ? value.literal : askedFor(query, column);
}

/** Of the same table, and of the same owner: `cart.payments`, `Payment(cart=cart)`. */
function isForTheSame(off: Effect, made: Effect): boolean {
  if (!sameTable(off, made, false)) return false;
  const owners = [
    off.query?.owner?.row.key,
    ...(off.query?.filters ?? []).flatMap(({ value }) => (value.kind === "row" ? [value.key] : [])),
  ];
  const given = [
    made.query?.owner?.row.key,
    ...(made.query?.filters ?? []).map(({ value }) => (value.kind === "row" ? value.key : undefined)),
    ...[...(made.fields?.values() ?? [])].map(({ value }) => (value.kind === "row" ? value.key : undefined)),
  ];
  return owners.some((one) => one !== undefined && given.includes(one));
}
