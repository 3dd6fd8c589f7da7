import { type Effect, type Guard, sameTransaction } from "../effects/effect.ts";
import { rescueOf } from "../effects/rescued.ts";
import { sameTable } from "./creation.ts";

/**
 * `there = {one.slot: one for one in holder.slots.select_for_update()}`, then `if slot not in there: create(slot=slot)`, one
 * after the other: the set is compared with what it is to be, and who compares it as well waits for its rows.
 */
export function isOfLockedSet(search: Effect, create: Effect, { site }: Guard): boolean {
  if (search.kind !== "list" || !isHeld(search, create) || create.loop === 0) return false;
  return /\bnot\s+in\b/.test(site.fn.module.source.text.slice(site.start, site.end));
}

/** `filter(shop=shop, item=item).select_for_update().first()`: what is there is locked, and twice the first, a constraint refuses. */
export function isHeld(search: Effect, create: Effect): boolean {
  return search.query?.locked === true && sameTransaction(search.txns, create.txns);
}

/**
 * `try: blob.save() except IntegrityError: …`, and there, where the other one is not to be found any more, once more: the
 * database decides who is the first, and it has been asked.
 */
export function isSecondTry(effects: readonly Effect[], create: Effect): boolean {
  return effects.some(
    (one) =>
      one.kind === "create" &&
      one.seq < create.seq &&
      sameTable(one, create, false) &&
      isInHandlerOf(one, create),
  );
}

/** (Where the function is called, its arms have other numbers.) */
function isInHandlerOf(refused: Effect, { steps, origin }: Effect): boolean {
  const step = rescueOf(refused)?.step;
  if (step && steps.some((own) => own.branch === step.branch && own.arm === step.arm)) return true;
  return refused.origin !== undefined && origin !== undefined && isInHandlerOf(refused.origin, origin);
}
