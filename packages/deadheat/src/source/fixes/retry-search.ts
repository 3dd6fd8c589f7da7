import { type FixContext, isRefusal, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { boundIn } from "./syntax/bound.ts";
import { creationOf, handlerOf, type Try } from "./syntax/creation.ts";
import { placesOf } from "./syntax/place.ts";
import { mayBeAtomic, unitOf } from "./syntax/range.ts";
import { uniqueOver } from "./syntax/unique.ts";
import { nodesIn } from "./syntax/walk.ts";

/**
 * A row that another request has made meanwhile is there when it is looked for again: once more through the same
 * `try`, which then does what it does with a row that is found.
 */
export const retrySearch: SourceFix = {
  id: "retry-search",
  title: "a second search where another request was quicker",
  rules: new Set(["exists-then-create"]),
  propose(context): Proposal | Refusal {
    const creation = creationOf(context);
    if (isRefusal(creation)) return creation;
    const { layout, node } = context;
    const { statement, search } = creation;
    const whole = handlerOf(context, creation);
    if (!whole || whole.cleanup.length > 0 || !layout.isAlone(statement) || !contains(whole, search.site))
      return refuse("the row is not looked for and made in one try");
    if (whole.body.length === 1 && whole.otherwise.length === 0)
      return refuse("nothing is done with a row that is found");
    if (!isPlain(whole)) return refuse("the try leaves a loop that is around it");
    if (boundIn(node).has("is_retry")) return refuse("the name is_retry is taken");
    const place = placesOf(node, statement, layout.text).at(-1);
    if (!place || !startsWithSearch(whole, search.site))
      return refuse("something else happens before the search");
    const allowed = mayBeAtomic(context, { suite: place.suite, first: place.index, last: place.index });
    if (isRefusal(allowed)) return allowed;
    const unique = uniqueOver(context, creation.model, creation.columns, creation.constants);
    if (isRefusal(unique)) return unique;
    const unit = unitOf(context);
    const indent = layout.indentAt(whole.start);
    const inner = layout.indentAt(statement.start) + unit;
    const conflict = context.use({
      from: "django.db",
      name: "IntegrityError",
      otherwise: "DatabaseIntegrityError",
    });
    const opened = [`${inner}try:`];
    if (!context.isAsync) {
      const transaction = context.use({
        from: "django.db",
        name: "transaction",
        otherwise: "db_transaction",
      });
      opened.push(`${inner}${unit}with ${transaction}.atomic():`);
    }
    const own = { start: layout.lineStart(statement.start), end: statement.end };
    return {
      edits: [
        layout.insertBefore(whole.start, [`${indent}for is_retry in (False, True):`]),
        ...layout.indent({ start: whole.start, end: own.start }, unit),
        { start: own.start, end: own.start, text: opened.map((one) => one + layout.newline).join("") },
        ...layout.indent(own, unit.repeat(opened.length + 1)),
        layout.insertAfter(statement.end, [
          `${inner}except ${conflict}:`,
          `${inner}${unit}# Another request has made it meanwhile: it is found the second time.`,
          `${inner}${unit}if is_retry:`,
          `${inner}${unit}${unit}raise`,
          `${inner}${unit}continue`,
        ]),
        ...layout.indent({ start: layout.nextLine(statement.end), end: whole.end }, unit),
        layout.insertAfter(whole.end, [`${indent}${unit}break`]),
        ...allowed.edits,
      ],
      ...unique,
    };
  },
};

function contains(outer: { start: number; end: number }, inner: { start: number; end: number }): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** No `break` and no `continue` that would now mean the new loop. */
function isPlain(whole: Try): boolean {
  for (const one of nodesIn(whole)) if (one.kind === "leave") return false;
  return true;
}

function startsWithSearch(whole: Try, site: FixContext["write"]["site"]): boolean {
  const [first] = whole.body;
  return first !== undefined && contains(first, site);
}
