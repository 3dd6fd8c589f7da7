import { compatible, type Effect, type Guard, isLeftBefore } from "../effects/effect.ts";
import { rowDeleted } from "../effects/handed-out.ts";
import { columnOf, type Value } from "../effects/values.ts";
import { NOTES_TIME } from "../facts/names.ts";
import { sameModel } from "../project/model.ts";
import { isConditional, rowOfUpdate } from "./read-modify-write.ts";

export function isArithmetic(value: Value | undefined): boolean {
  return value?.kind === "scalar" && value.shape === "arithmetic";
}

/** Weighty enough for a message of its own: something is made or leaves the process, or is counted. */
export function isStrong(effect: Effect): boolean {
  if (["create", "external", "mint", "get-or-create", "delete"].includes(effect.kind)) return true;
  if (effect.name === "bulk_update" || (effect.kind === "command" && isIrrevocable(effect.name))) return true;
  if (effect.kind !== "save" && effect.kind !== "update") return false;
  return [...(effect.fields?.values() ?? [])].some(
    (one) => (one.database && !isOwnExpression(one.value)) || isArithmetic(one.value),
  );
}

/** `data=Merge("data", changes)` of the project's own: whether it counts, its SQL says; most often, it merges. */
export function isOwnExpression(value: Value | undefined): boolean {
  return value?.kind === "scalar" && value.shape === "own";
}

/** Out of sight, but its name says that it cannot be taken back. (A signal's `send` is a call in the process.) */
export function isIrrevocable(name: string): boolean {
  return (
    /(^|[._])(charge|refund|capture|payout|deliver|ship|transfer)(_\w+)?$/.test(name) ||
    /(courier|carrier|gateway|provider|service|sender|transport)\.send\w*$/.test(name)
  );
}

const ACTS = new Set<Effect["kind"]>([
  "create",
  "get-or-create",
  "external",
  "command",
  "delete",
  "update",
  "save",
  "mint",
  "spend",
]);

/** Something that a second request would do once more. */
export function isAct(effect: Effect, write: Effect): boolean {
  if (effect === write || !ACTS.has(effect.kind) || !compatible(effect.steps, write.steps)) return false;
  const [first, second] = effect.seq < write.seq ? [effect, write] : [write, effect];
  if (isLeftBefore(first, second)) return false;
  if (
    effect.kind === "save" ||
    effect.kind === "update" ||
    effect.kind === "delete" ||
    effect.kind === "command"
  ) {
    // On the row itself: the same state written again.
    if (effect.row && effect.row.key === write.row?.key)
      return (
        effect.kind === "command" &&
        !/^(self\.)?_?(refresh|set|clear|reset|log)/.test(effect.name) &&
        !isHarmless(effect.name)
      );
    if (effect.name === "bulk_update" && isOfTheSame(effect, write)) return false;
    const { row = rowOfUpdate(write) } = write;
    if (effect.kind === "update" && row && effect.key === row.key) return false;
    if (effect.kind === "delete" && row && rowDeleted(effect)?.key === row.key) return false;
    if (isTheSameAgain(effect) || isClaim(effect)) return false;
    if (effect.kind === "command" && (ASKS.test(effect.name) || OF_DICTIONARY.test(effect.name)))
      return false;
  }
  // Once more, the row is there; where two can be made, that is said of the call itself.
  if (effect.kind === "get-or-create" && effect.name === "get_or_create") return false;
  return !isHarmless(effect.name) && !isClaimed(effect);
}

/** `bulk_update(rows, ["code"])`, and where that is refused, each of them by itself. */
function isOfTheSame({ model, columns }: Effect, write: Effect): boolean {
  return (
    sameModel(model, write.model) &&
    Array.isArray(columns) &&
    [...(write.fields?.keys() ?? [])].every((name) => columns.some((one) => columnOf(one) === columnOf(name)))
  );
}

/** Done only by whoever has moved another row on: `if filter(pk=pk, state=OLD).update(state=NEW): send()`. */
function isClaimed({ guards }: Effect): boolean {
  return guards.some(({ deps }) => deps.some((atom) => atom.kind === "query" && isClaim(atom.effect)));
}

/** `filter(pk=pk, state=OLD).update(state=NEW)`: a second one finds nothing to change. */
export function isClaim(effect: Effect): boolean {
  if (effect.kind !== "update") return false;
  return [...(effect.fields?.keys() ?? [])].some((one) => isConditional(effect, columnOf(one)));
}

/** `kwargs.pop("defaults")`, `digest.update(part)`: what is called with or computed, and nothing that is kept. */
const OF_DICTIONARY =
  /(^|\.)((kwargs|defaults|context|headers|params)\.(update|pop|setdefault)|_?(digest|hash|hasher|hmac|mac|md5|sha\d*|checksum)\.update)$/;

/** `storage.path(name)`, called for what it raises: an answer, and nothing done. */
const ASKS = /(^|[._])(path|exists|size|url|(is|has)_\w+)$/;

/** Another row is given what is written down, or taken out of a relation: once more, it is the same. */
function isTheSameAgain({ kind, name, fields }: Effect): boolean {
  if (kind === "command") return /\w\.(remove|discard|clear)$/.test(name);
  if (kind === "delete" || !fields || fields.size === 0) return false;
  return [...fields.values()].every(
    (one) => (one.constant || NOTES_TIME.test(one.name)) && !one.database && !one.inPlace,
  );
}

/** Logging and tracing may happen twice, as may what asks only, or is written into the process' own memory. */
export function isHarmless(name: string): boolean {
  return (
    /(^|\.)(log(ger|ging)?|stdout|stderr|messages|statsd|metrics|sentry\w*|cache|print|warnings|capsys|span|tracer|newrelic|(work)?sheet)\./i.test(
      name,
    ) ||
    /(^|[._])(log|logger|debug|info|warning|error|exception|incr|invalidate\w*|full_clean|writerows?)$/i.test(
      name,
    ) ||
    // The process' own helpers are told to end.
    /(^|[._])(executor|pool)\.(shutdown|close|join|terminate)$/i.test(name) ||
    // Those who look on are told twice what there is.
    /(^|[._])group_send$/.test(name)
  );
}

/** What happens under the same condition as `write`, or, without one, after what `write` depends on. */
export function actsAfter(effects: readonly Effect[], write: Effect, test: Guard | undefined): Effect[] {
  return effects.filter(
    (one) =>
      isAct(one, write) &&
      (test ? one.guards.some((guard) => guard.id === test.id) : one.guards.length <= write.guards.length),
  );
}
