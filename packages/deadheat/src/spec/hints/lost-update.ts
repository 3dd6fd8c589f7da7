import { controlsOf } from "../facts/controls.ts";
import { endsInParameter, lastSegment } from "../facts/described.ts";
import type { Field } from "../facts/fields.ts";
import { isQuantity, isRunningTotal } from "../facts/quantities.ts";
import { wordsOf } from "../facts/words.ts";
import type { Surveyed } from "../survey.ts";
import { annotatedFields } from "./annotated.ts";
import type { Hint, HintRule, HintView } from "./hint.ts";

/** A number is written here and read there, or a read shows a version that the write does not ask for. */
export const lostUpdate: HintRule = {
  weakness: "lost-update",
  hints(one, view) {
    const told = accumulated(one, view);
    if (told) return [told];
    const { precondition, version } = controlsOf(one);
    if (one.kind === "read" || one.kind === "delete" || one.lifecycle || precondition || version) return [];
    const read = readOf(one, view);
    if (!read) return [];
    const written = one.takes.find((field) => field.depth <= 2 && isQuantity(field));
    const shown = written && read.gives?.find((field) => field.depth <= 3 && adds(one, written, field));
    const base = { weakness: "lost-update", operations: [one, read], severity: "high" as const };
    if (written && shown)
      return [
        {
          ...base,
          confidence: one.kind === "action" ? "high" : "medium",
          reasons: [
            `writes the number ${written.pointer}; GET ${read.template} shows ${shown.pointer}`,
            "takes neither If-Match nor a version",
          ],
        },
      ];
    if (one.kind === "replace" && one.takes.length > 1 && controlsOf(read).validator)
      return [
        {
          ...base,
          confidence: "medium",
          reasons: [`GET ${read.template} answers with an ETag, and this write takes no If-Match`],
        },
      ];
    return [];
  },
};

/**
 * What is written is added to what is shown: they are one place of the object, or the operation is called after what it
 * does and the read shows a sum. A number inside of a list is one of many (`/deposits/0/amount`), and only an action may
 * be about it (a cart whose items are added).
 */
function adds({ kind, template }: Surveyed, written: Field, shown: Field): boolean {
  const isSame = shown.plain === written.plain;
  const isOfMany = shown.pointer.includes("/0/");
  if (kind === "action")
    return isOfMany ? isSame && !SETS.test(lastWords(template)) : isSame || isRunningTotal(shown);
  // A refund of a payment, by its amount; what is nested in either is about something else (`/issue/votes` of a comment).
  if (kind === "create") return isSame && written.depth === 1 && shown.depth <= 2 && !isOfMany;
  if (shown.pointer.includes("/0")) return false;
  return isSame
    ? String(shown.wrapper) === String(written.wrapper) || shown.depth === 1
    : isRunningTotal(shown);
}

/** Writes the number as it is given, whatever was there: of one item of a list nothing is summed up. */
const SETS = /^(update|set|change|edit|replace|modify)\b/;

const lastWords = (template: string) => wordsOf(lastSegment({ template })).join(" ");

/** What the source is known to add to, whatever the document shows of it. */
function accumulated(one: Surveyed, view: HintView): Hint | undefined {
  const fields = annotatedFields(one, "accumulates");
  if (fields.length === 0 || one.kind === "read") return undefined;
  const read = readOf(one, view);
  return {
    weakness: "lost-update",
    operations: [one, ...(read ? [read] : [])],
    severity: "high",
    confidence: "high",
    reasons: [`x-deadheat says that it adds to ${fields.join(", ")}`],
  };
}

/** The read of the object that an operation writes: at its own path, or at that of the object it acts on. */
function readOf(one: Surveyed, view: HintView): Surveyed | undefined {
  const own = view.at("GET", one.template);
  if (own && (endsInParameter(one) || one.kind !== "create")) return own;
  // `/orders/{id}` of `/orders/{id}/payments`, `/me` of `/me/points`.
  const end = one.template.lastIndexOf("}") + 1;
  const around = end > 0 ? one.template.slice(0, end) : one.template.replace(/\/[^/]+\/?$/, "");
  return around === one.template ? undefined : view.at("GET", around);
}
