import type { Effect } from "../effects/effect.ts";
import { PUBLISHES } from "../facts/names.ts";

/** The worker is told something that is no constant: in a receiver, of the row that the signal is about. */
export function isTask({ kind, name, site: { fn, start, end } }: Effect): boolean {
  if (kind !== "external" || !(TASK.test(name) || PUBLISHES.test(name))) return false;
  const text = fn.module.source.text.slice(start, end);
  return /[a-z_]/i.test(text.slice(text.indexOf("(")).replace(/"[^"]*"|'[^']*'/g, ""));
}

/**
 * A worker (or a consumer of channels, and the page behind it) that is told which row, and to look at once, may look for
 * it before it is there. One that is told all it needs (an address, a text) meets no commit, as a mail does not: that is
 * wrong only where the transaction fails afterwards.
 */
export function isForWorker(effect: Effect): boolean {
  const { name, deps, site } = effect;
  if (!TASK.test(name) && !/(^|\.)group_send$/.test(name)) return false;
  if (isDueLater(effect)) return false;
  const text = site.fn.module.source.text.slice(site.start, site.end);
  return (
    deps.length === 0 ||
    deps.some((one) => one.kind === "query" || KEY.test(one.name)) ||
    /\.(\w+_)?(pk|id)\b/.test(text)
  );
}

/** `remind.apply_async((row.pk,), countdown=delay)`: due at some time, or in minutes, the transaction has ended by then. */
export function isDueLater({ name, site }: Effect): boolean {
  return TASK.test(name) && LATER.test(site.fn.module.source.text.slice(site.start, site.end));
}

/** (Some seconds are hoped to be enough.) */
const LATER = /\b(eta\s*=(?!\s*None\b)|countdown\s*=(?!\s*(\d{1,2}|None)\s*[,)]))/;

/** Columns that say which row; none: the object itself, or what a function was given. */
const KEY = /^$|^\*$|(^|_)(pk|id|uuid|key|slug|code|guid|ref)$|primary_key/;

export const TASK = /(^|\.)(delay|apply_async|send_async|send_task|enqueue)$/;
