import { type Effect, isWrite } from "../../effects/effect.ts";
import { isLogged } from "../../effects/logs.ts";
import type { Belonging } from "./halves.ts";

/**
 * `order.save()`, then an entry in the log about it; an entry that says that it is gone, then `order.delete()`: where
 * the second fails, the log says what is not so, or says nothing of what is.
 */
export const logged: Belonging = ({ first, second }) => {
  const [entry, change] = isLogged(second) ? [second, first] : [first, second];
  if (!isLogged(entry) || isLogged(change) || !isWrite(change) || change.trail.length > 1) return undefined;
  if (!change.row || !isAbout(entry, change)) return undefined;
  return change === first
    ? "a row is changed and an entry of a log says so, in no transaction"
    : "an entry of a log says what is done only after it, in no transaction";
};

function isAbout({ fields }: Effect, { row }: Effect): boolean {
  return [...(fields?.values() ?? [])].some(({ value }) => value.kind === "row" && value.key === row?.key);
}
